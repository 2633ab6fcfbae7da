"""Documents of every table of every schema are valid, can be inserted, and are read as they were."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.ids import FIRST_NUMBER, decode
from codegen.engines.package import Package
from codegen.ir.nodes import tables_of_ids
from codegen.runtime import Id, ValidationFailed
from codegen.runtime.model import Model
from codegen.testing import CannotMake, Factory
from tests.cases.cases import ACCEPTED, FOLDER, codegen
from tests.engines.packages import imported
from tests.typing.checkers import ROOT

CORPUS = sorted((ROOT / "tests/corpus/schemas").glob("*.json"))
DOCUMENTS = 12
INSERTED = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packages")


def case(name: str, folder: Path) -> ModuleType:
    (folder / f"made_{name}").symlink_to(FOLDER / name / "expected")
    return imported(folder, f"made_{name}")


def assert_documents_survive(package: ModuleType) -> None:
    make = Factory(package, seed="every schema")
    tables: Any = package.server.schema.tables
    schema = Package(package.__name__, package.server.schema).schema
    # An export may have ids of tables that it lacks: no database takes them.
    missing = (
        tables_of_ids(schema) - tables.keys() - {"_storage", "_scheduled_functions"}
    )
    with package.server.connect("sqlite://") as db:
        for models in tables.values():
            for document, new in zip(models.documents, models.news, strict=True):
                for made in make.batch(new, DOCUMENTS):
                    assert new.from_wire_json(made.to_wire_json()) == made
                    try:
                        id_ = db.insert(made)
                    except ValidationFailed as error:
                        assert missing, error
                    else:
                        assert new.from_wire(_fields(db.get(id_))) == made
                whole = make(document)
                assert models.arms.from_wire_json(whole.to_wire_json()) == whole


def assert_insertable(package: ModuleType) -> None:
    make = Factory(package)
    tables: Any = package.server.schema.tables
    with package.server.connect("sqlite://") as db:
        for models in tables.values():
            for new in models.news:
                for _ in range(INSERTED):
                    try:
                        id_ = make.insert(db, new)
                    except CannotMake as error:
                        assert "needs one of" in str(error) or "no table" in str(error)
                    else:
                        stored = db.get(id_)
                        assert stored is not None
                        for one in filter(_is_of_schema, _ids(stored)):
                            assert db.get(_typed(one, tables)) is not None


def _fields(document: Any) -> dict[str, object]:
    wire: dict[str, object] = document.to_wire()
    return {k: v for k, v in wire.items() if k not in ("_id", "_creationTime")}


def _ids(value: object) -> list[str]:
    """The ids in the fields of a document."""
    if isinstance(value, Id):
        return [value]
    if isinstance(value, list):
        return [found for item in value for found in _ids(item)]
    if isinstance(value, dict):
        return [found for item in value.items() for found in _ids(list(item))]
    if isinstance(value, Model):
        return _ids(list(vars(value).values()))
    return []


def _is_of_schema(id_: str) -> bool:
    """Whether it is not the id of a table of Convex's own, nor a text of `Id[t] | str`."""
    try:
        return decode(id_)[0] >= FIRST_NUMBER
    except ValueError:
        return False


def _typed(id_: str, tables: Any) -> Any:
    """An id in the class of its own table, which an id in a union of ids may not have."""
    name = sorted(tables)[decode(id_)[0] - FIRST_NUMBER]
    return tables[name].id(id_)


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_cases(name: str, folder: Path) -> None:
    package = case(name, folder)
    assert_documents_survive(package)
    assert_insertable(package)


def test_this_repositorys_own() -> None:
    package = imported(ROOT, "generated")
    assert_documents_survive(package)
    assert_insertable(package)


@pytest.mark.slow
@pytest.mark.parametrize("exported", CORPUS, ids=lambda path: path.stem)
def test_real_schemas(exported: Path, folder: Path) -> None:
    name = f"made_app_{exported.stem}"
    argv = ["generate", "--schema", str(exported), "--output", name]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors
    package = imported(folder, name)
    assert_documents_survive(package)
    assert_insertable(package)
