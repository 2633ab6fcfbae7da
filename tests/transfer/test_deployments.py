"""`codegen copy` from deployments and into them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import Request, urlopen

import pytest

from codegen.convex.administration import Administrator
from codegen.convex.named import admitted
from codegen.engines.ids import decode
from codegen.ir.canonical import loads
from codegen.transfer.deployment_source import DeploymentSource
from tests.cases.cases import codegen
from tests.deployments.mock_deployment import Place
from tests.deployments.mock_of_schema import running_schema
from tests.transfer.contents import check_sound, contents, done
from tests.transfer.copies import SCHEMA, env_file, fill, meaning

COUNTS = {"events": 14, "people": 7, "places": 7, "things": 7}


@pytest.fixture
def one(tmp_path: Path, node_folder: Path) -> Iterator[Place]:
    """A deployment without documents; its tables have numbers from 20001 on."""
    (folder := tmp_path / "one").mkdir()
    with running_schema(node_folder, folder, SCHEMA, 20_001) as place:
        env_file(tmp_path, ".env.one", place)
        yield place


@pytest.fixture
def other(tmp_path: Path, node_folder: Path) -> Iterator[Place]:
    """Another one, where numbers begin as in new databases."""
    (folder := tmp_path / "other").mkdir()
    with running_schema(node_folder, folder, SCHEMA) as place:
        env_file(tmp_path, ".env.other", place)
        yield place


def tell(place: Place, path: str, body: str = "") -> None:
    """Has the mock do what tests need."""
    request = Request(f"{place.url}/mock/{path}", body.encode(), method="POST")
    urlopen(request, timeout=30).close()


def test_from_place_to_place(
    models: ModuleType, one: Place, other: Place, postgres_url: str, tmp_path: Path
) -> None:
    """References lead where they led, through files, deployments and a server."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 7)
    out = done(["copy", first, "convex:.env.one", "--ids", "ids.jsonl"], tmp_path)
    assert out == (
        "events: 14 documents with new ids, 7 references rewritten, 7 texts like ids left as"
        " they are\n"
        "people: 7 documents with new ids, 14 references rewritten\n"
        "places: 7 documents with new ids, 27 references rewritten, 7 texts like ids left as"
        " they are\n"
        "things: 7 documents with new ids, 5 references rewritten, 7 texts like ids left as"
        " they are\n"
    )
    assert not [*tmp_path.glob("tablewright-copy-*")]
    out = done(["copy", "convex:.env.one", "convex:.env.other"], tmp_path)
    assert "people: 7 documents with new ids, 14 references rewritten\n" in out
    done(["copy", "convex:.env.other", postgres_url], tmp_path)
    done(["copy", postgres_url, "sqlite:///last.db"], tmp_path)
    last = f"sqlite:///{tmp_path}/last.db"
    assert meaning(last, first) == meaning(first)
    check_sound(last)
    lines = (tmp_path / "ids.jsonl").read_text().splitlines()
    moved = [json.loads(line) for line in lines]
    assert len(moved) == sum(COUNTS.values())
    assert {line["old"] for line in moved} == {
        json.loads(text)["_id"]
        for indexes in contents(first).values()
        for text in indexes["by_creation_time"]
    }
    assert {(line["table"], decode(line["new"])[0]) for line in moved} == {
        *(("events", 20_001), ("people", 20_002)),
        *(("places", 20_003), ("things", 20_004)),
    }


def test_ids_times_and_values_are_kept(
    models: ModuleType, one: Place, postgres_url: str, tmp_path: Path
) -> None:
    """A database has each document as the deployment has it, and so have files."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 250)
    done(["copy", first, "convex:.env.one"], tmp_path)
    told: dict[str, list[Any]] = {}
    with admitted(f"convex:{tmp_path}/.env.one", 10_000) as deployment:
        administrator = Administrator(*deployment)
        for table in COUNTS:
            pages = administrator.documents(table)
            told[table] = [document for page in pages for document in page]
    for url in (f"sqlite:///{tmp_path}/new.db", postgres_url):
        done(["copy", "convex:.env.one", url], tmp_path)
        assert {
            table: [json.loads(text) for text in indexes["by_creation_time"]]
            for table, indexes in contents(url).items()
        } == told
        check_sound(url)
    done(["export-data", "--db", "convex:.env.one", "all.zip"], tmp_path)
    done(["import-data", "--db", "sqlite:///zip.db", "all.zip"], tmp_path)
    new, by_zip = (f"sqlite:///{tmp_path}/{name}.db" for name in ("new", "zip"))
    assert contents(by_zip) == contents(new)


def test_without_streaming_exports(
    models: ModuleType, one: Place, tmp_path: Path
) -> None:
    """Where the plan has none, pages of queries are read, at one moment too."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 7)
    done(["copy", first, "convex:.env.one"], tmp_path)
    tell(one, "streaming", "false")
    code, out, errors = codegen(
        ["copy", "convex:.env.one", "sqlite:///new.db"], tmp_path
    )
    assert (code, errors) == (0, "")
    assert out == "".join(f"{table}: {n} documents\n" for table, n in COUNTS.items())
    assert meaning(f"sqlite:///{tmp_path}/new.db", first) == meaning(first)


def test_a_moment_that_is_forgotten(
    models: ModuleType, one: Place, tmp_path: Path
) -> None:
    """Queries at a moment are possible for some minutes: what is left is of a later one."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 7)
    done(["copy", first, "convex:.env.one", "--table", "people"], tmp_path)
    tell(one, "streaming", "false")
    schema = loads((Path(models.__path__[0]) / "_schema.json").read_text("utf-8"))
    with admitted(f"convex:{tmp_path}/.env.one", 10_000) as deployment:
        source = DeploymentSource(deployment, schema)
        assert len([*source.texts("people")]) == 7
        done(["copy", first, "convex:.env.one", "--table", "things"], tmp_path)
        assert [*source.texts("things")] == []
        tell(one, "forget")
        assert len([*source.texts("things")]) == 7
        assert source.moments == 2
