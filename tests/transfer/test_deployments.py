"""`codegen copy` from deployments and into them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import Request, urlopen

import pytest

from codegen.convex.named import Admitted, admitted
from codegen.engines.ids import decode
from codegen.ir.canonical import loads
from codegen.transfer.deployment_source import DeploymentSource
from tests.cases.cases import codegen
from tests.deployments.deployed_schema import running_schema
from tests.deployments.mock_deployment import Place, running
from tests.engines.packages import package
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


def table_data(deployment: Admitted, table: str) -> list[Any]:
    """All documents of a table, as `npx convex data` asks for them."""
    page = {"numItems": 8_000.0, "cursor": None}
    asked = {"table": table, "order": "asc", "paginationOpts": page}
    asking = deployment.conversation.system_query("_system/cli/tableData", asked)
    answer: Any = deployment.connection.perform(asking)
    assert answer["isDone"]
    found: list[Any] = answer["page"]
    return found


def test_ids_times_and_values_are_kept(
    models: ModuleType, one: Place, postgres_url: str, tmp_path: Path
) -> None:
    """A database has each document as the deployment has it, and so have files."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 250)
    done(["copy", first, "convex:.env.one"], tmp_path)
    told: dict[str, list[Any]] = {}
    with admitted(f"convex:{tmp_path}/.env.one", 10_000) as deployment:
        for table in COUNTS:
            told[table] = table_data(deployment, table)
    for url in (f"sqlite:///{tmp_path}/new.db", postgres_url):
        done(["copy", "convex:.env.one", url], tmp_path)
        assert {
            table: [json.loads(text) for text in indexes["by_creation_time"]]
            for table, indexes in contents(url).items()
        } == told
        check_sound(url)
        # Programs go on with the database.
        with models.server.connect(url) as db:
            person = db.run(models.people.full_scan().first())
            boss = db.get(person.boss)
            assert person in db.run(models.people.by_boss(boss.id))
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


def test_references_to_what_is_not_copied(
    models: ModuleType, one: Place, tmp_path: Path
) -> None:
    """They lead nowhere, as ids of the right table."""
    first = f"sqlite:///{tmp_path}/first.db"
    with models.server.connect(first) as db:
        person = db.insert(models.PersonNew(name="a"))
        gone = db.insert(models.PersonNew(name="gone"))
        db.patch(person, models.PersonPatch(boss=gone))
        place = models.PlaceNew(name="p", owner=gone, visits={person: 1.0}, notes=[])
        db.insert(place)
        db.delete(gone)
    argv = ["copy", first, "convex:.env.one", "--format", "json"]
    lines = done([*argv, "--table", "places"], tmp_path).splitlines()
    counts = {"documents": 1, "references": 0, "dangling": 2, "texts": 0}
    assert [json.loads(line) for line in lines] == [{"table": "places", **counts}]
    out = done([*argv[:-2], "--table", "people"], tmp_path)
    assert out == (
        "people: 1 document with new ids, 1 reference to no document of the copy\n"
    )
    done(["copy", "convex:.env.one", "sqlite:///back.db"], tmp_path)
    found = contents(f"sqlite:///{tmp_path}/back.db")
    (text,) = found["places"]["by_creation_time"]
    assert decode(json.loads(text)["owner"]) == (20_002, decode(gone)[1])
    (text,) = found["people"]["by_creation_time"]
    assert decode(json.loads(text)["boss"]) == (20_002, decode(gone)[1])


def test_a_deployment_that_takes_anything(
    models: ModuleType, tmp_path: Path, node_folder: Path
) -> None:
    """Where its schema says nothing of a table, references are those of the source."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 3)
    tables = "".join(f"  {table}: {{fields: Any}}\n" for table in COUNTS)
    (folder := tmp_path / "app").mkdir()
    with running_schema(node_folder, folder, f"tables:\n{tables}") as place:
        env_file(tmp_path, ".env.any", place)
        out = done(["copy", first, "convex:.env.any"], tmp_path)
        assert "people: 3 documents with new ids, 6 references rewritten\n" in out
        done(["copy", "convex:.env.any", "sqlite:///back.db"], tmp_path)
    assert meaning(f"sqlite:///{tmp_path}/back.db", first) == meaning(first)


def test_documents_that_do_not_fit(
    models: ModuleType, one: Place, tmp_path: Path
) -> None:
    """They are named before anything is written, and nothing is left."""
    looser = SCHEMA.replace("name: str\n      boss", "name: str | float\n      boss")
    made = package(tmp_path, looser, "looser")
    first = f"sqlite:///{tmp_path}/first.db"
    with made.server.connect(first) as db:
        db.insert(made.PersonNew(name=1.0))
        db.insert(made.PersonNew(name="a"))
    code, out, errors = codegen(["copy", first, "convex:.env.one"], tmp_path)
    assert code == 1
    assert out == f"{tmp_path}/first.db, people:1: at .name: 1.0 is not str\n"
    assert "1 document does not fit, and nothing was imported" in errors
    assert not [*tmp_path.glob("tablewright-copy-*")]
    done(["copy", "convex:.env.one", "sqlite:///back.db"], tmp_path)
    assert contents(f"sqlite:///{tmp_path}/back.db")["people"]["by_creation_time"] == []


def test_what_is_refused(models: ModuleType, one: Place, tmp_path: Path) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 1)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    env_file(tmp_path, ".env.wrong", one._replace(admin_key=f"name|{'00' * 37}"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "people.jsonl").touch()
    (tmp_path / "ids.jsonl").touch()
    (tmp_path / ".env.keyless").write_text(f"CONVEX_URL={one.url}\n")
    into = ["copy", first, "convex:.env.one"]
    for argv, message in (
        ([*into, "--mode", "append"], "--mode append is for databases"),
        ([*into, "--state", "taken"], "taken exists, and is no copy that was begun"),
        ([*into, "--ids", "ids.jsonl"], "ids.jsonl exists"),
        ([*into, "--table", "cats"], "there is no table `cats`"),
        (["copy", first, "convex:.env.none"], ".env.none: No such file"),
        (["copy", first, "convex:.env.keyless"], "comes without a key"),
        (["copy", first, "convex:.env.wrong"], "`codegen doctor` looks for what"),
        (["copy", "convex:.env.wrong", "sqlite:///b.db"], "(BadAdminKey)"),
        (["copy", first, f"convex+{one.url}"], "the environment has no key for"),
        (["copy", first, "sqlite:///b.db", "--ids", "i"], "--ids and --state are for"),
        (["import-data", "--db", "convex:.env.one", "data"], "is a deployment"),
        (["backup", "--db", "convex:.env.one", "x.zip"], "is a deployment"),
    ):
        code, out, errors = codegen(argv, tmp_path)
        assert (code, out) == (2, ""), argv
        assert message in errors, argv
        assert one.admin_key.partition("|")[2] not in errors
    done(into, tmp_path)
    code, _, errors = codegen(into, tmp_path)
    assert code == 2
    assert "table `events` of http" in errors
    assert "a copy into a deployment needs empty tables" in errors


def test_the_deployment_of_the_environment(
    models: ModuleType, one: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 1)
    (tmp_path / ".env.one").rename(tmp_path / ".env.local")
    done(["copy", first, "convex:"], tmp_path)
    done(["copy", f"convex+{one.url}", "sqlite:///back.db"], tmp_path)
    assert meaning(f"sqlite:///{tmp_path}/back.db", first) == meaning(first)


def test_a_deployment_without_the_functions(
    models: ModuleType, tmp_path: Path, node_folder: Path
) -> None:
    """It says what to deploy. To copy from one takes none."""
    first = f"sqlite:///{tmp_path}/first.db"
    fill(models, first, 1)
    (folder := tmp_path / "app" / "convex").mkdir(parents=True)
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    argv = ["export", "--to", "convex", "--schema", "schema.yaml"]
    (folder / "schema.ts").write_text(done(argv, tmp_path))
    with running(node_folder, tmp_path / "app") as place:
        env_file(tmp_path, ".env.bare", place)
        code, _, errors = codegen(["copy", first, "convex:.env.bare"], tmp_path)
        assert code == 2
        assert "codegen export --to convex-helper > convex/tablewright.ts" in errors
        out = done(["copy", "convex:.env.bare", "sqlite:///back.db"], tmp_path)
        assert "people: 0 documents\n" in out
