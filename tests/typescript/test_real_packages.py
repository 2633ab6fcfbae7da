"""npm's `convex` makes of the packages' sources what their authors wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.typescript.conftest import Export
from tests.typescript.real.packages import PROJECT, app_folders, component_folders

TABLES = {
    "action-cache": ["values", "metadata"],
    "aggregate": ["btree", "btreeNode", "pendingOperations", "deadLetterOperations"],
    "batch-worker": ["workers", "workerState"],
    "crons": ["crons"],
    "migrations": ["migrations"],
    "persistent-text-streaming": ["streams", "chunks"],
    "polar": ["customers", "products", "subscriptions"],
    "rate-limiter": ["rateLimits", "pendingUpdates"],
    "resend": ["content", "nextBatchRun", "lastOptions", "deliveryEvents", "emails"],
    "workflow": ["config", "workflows", "steps", "events", "onCompleteFailures"],
}
# A table for each number of dimensions, made by a loop; what rag stores has one dimension more.
VECTORS = {"agent": ("embeddings_1536", 1536), "rag": ("vectors_1536", 1537)}


def tables(schema: Any) -> dict[str, Any]:
    return {table["tableName"]: table for table in schema["tables"]}


def package(folder: str) -> str:
    return folder.removesuffix("/src/component").rpartition("@convex-dev/")[2]


def newest(folders: Sequence[str]) -> list[str]:
    """Without the older versions that other packages bring along."""
    return [folder for folder in folders if folder.count("node_modules") == 1]


@pytest.mark.slow
def test_every_component_is_known(node_modules: Path) -> None:
    found = {
        schema.parent.relative_to(node_modules.parent).as_posix()
        for schema in node_modules.rglob("src/component/schema.ts")
    }
    assert found == set(component_folders()) and len(found) >= 17


@pytest.mark.slow
@pytest.mark.parametrize("folder", component_folders())
def test_components(installed: Path, exported: Export, folder: str) -> None:
    real = exported(installed / folder)
    assert tables(real.schema) and real.functions
    for function in real.functions:
        args: Any = function.args
        assert args["type"] == "object", function.path
    # Its adapters are made by a package that is not installed.
    assert not real.failed or package(folder) == "better-auth"


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", [f for f in newest(component_folders()) if package(f) in TABLES]
)
def test_tables(installed: Path, exported: Export, folder: str) -> None:
    schema = exported(installed / folder).schema
    assert [*tables(schema)] == TABLES[package(folder)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", [f for f in newest(component_folders()) if package(f) in VECTORS]
)
def test_tables_of_vectors(installed: Path, exported: Export, folder: str) -> None:
    name, dimensions = VECTORS[package(folder)]
    (index,) = tables(exported(installed / folder).schema)[name]["vectorIndexes"]
    assert (index["vectorField"], index["dimensions"]) == ("vector", dimensions)


@pytest.mark.slow
def test_functions(installed: Path, exported: Export) -> None:
    crons = exported(installed / "node_modules/@convex-dev/crons/src/component")
    functions = {function.path: function for function in crons.functions}
    remove = functions["public:del"]
    assert (remove.type, remove.visibility) == ("mutation", "public")
    assert functions["public:rescheduler"].visibility == "internal"
    assert remove.returns == {"type": "null"}


@pytest.mark.slow
@pytest.mark.parametrize("folder", app_folders())
def test_apps(exported: Export, folder: str) -> None:
    """Tables and functions of packages in schemas as users write them."""
    real = exported(PROJECT / folder)
    assert not real.failed
    expected = {
        "apps/auth": (
            {"users", "authSessions", "authAccounts", "notes"},
            {"auth:signIn", "auth:signOut", "auth:store", "auth:isAuthenticated"},
        ),
        "apps/helpers": (
            {"rateLimits", "migrations", "people", "visits"},
            {"people:byStatus", "people:invite"},
        ),
    }
    some_tables, functions = expected[folder]
    assert some_tables <= {*tables(real.schema)}
    assert {function.path for function in real.functions} == functions
