"""`codegen apply` and `codegen verify`, on files and servers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.engines.safety.places import File, Place

SCHEMA = """\
tables:
  users:
    fields: {name: str, age: float, friend?: "Id[users]"}
    indexes: {by_name: [name]}
"""


@pytest.fixture
def made(tmp_path: Path) -> ModuleType:
    return package(tmp_path, SCHEMA, "commanded")


@pytest.fixture
def full(made: Any, place: Place) -> list[str]:
    """The ids of 30 users, two of each name."""
    with made.server.connect(place.url) as db:
        return db.insert_many(made.UserNew(name=f"n{n // 2}", age=n) for n in range(30))


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, place: Place) -> Run:
    """Runs a command for the database, with a schema if one is given."""

    def run(command: str, *more: str, schema: str = "") -> tuple[int, str, str]:
        argv = [command, "--db", place.url, *more]
        if schema:
            (tmp_path / "now.yaml").write_text(schema)
            argv += ["--schema", "now.yaml"]
        return codegen(argv, tmp_path)

    return run


def test_apply_makes_a_database(run: Run, made: Any, place: Place) -> None:
    assert run("apply", schema=SCHEMA) == (
        0,
        "users: table made\nThe database has this schema now\n",
        "",
    )
    before = place.trace()
    with made.server.connect(place.url) as db:
        assert db.run(made.users.full_scan()) == []
    code, out, _ = run("apply", schema=SCHEMA)
    assert (code, out) == (0, "Nothing to do: the database has this schema\n")
    assert place.trace() == before


CHANGED = """\
tables:
  people:
    renamedFrom: users
    fields: {name: str, age: float | str, friend?: "Id[people]", email?: str}
    indexes:
      by_age: {fields: [age, name], unique: true}
  teams:
    fields: {title: str}
"""


def test_a_dry_run_makes_no_file(tmp_path: Path) -> None:
    (tmp_path / "now.yaml").write_text(SCHEMA)
    argv = ["apply", "--dry-run", "--schema", "now.yaml", "--db", "sqlite:///new.db"]
    code, out, errors = codegen(argv, tmp_path)
    assert (code, errors) == (1, "")
    assert out == "users: table would be made\nNothing was changed\n"
    argv[-1] = "sqlite:///no/new.db"
    code, out, errors = codegen(argv, tmp_path)
    assert (code, out) == (2, "")
    assert f"the folder {tmp_path}/no does not exist" in errors
    assert [path.name for path in tmp_path.iterdir()] == ["now.yaml"]


def test_apply_says_first_what_it_does(
    run: Run, full: list[str], place: Place, tmp_path: Path
) -> None:
    before = place.dump()
    code, out, errors = run("apply", "--dry-run", schema=CHANGED)
    assert (code, errors) == (1, "")
    assert out.splitlines() == [
        "people: table would be renamed from users, with its 30 documents",
        "people: 30 documents would be checked",
        "people: index by_name would be dropped",
        "people: index by_age would be built over 30 documents",
        "people: index by_age: values of 30 documents would be compared",
        "teams: table would be made",
        "Nothing was changed",
    ]
    assert place.dump() == before
    code, out, errors = run("apply", "--format", "json", schema=CHANGED)
    assert (code, errors) == (0, "")
    steps = [json.loads(line) for line in out.splitlines()]
    assert [step["kind"] for step in steps] == [
        *("renamed table", "check", "index gone", "new index", "unique", "new table"),
    ]
    changed = package(tmp_path, CHANGED, "commanded_changed")
    assert place.check(changed) == 30
    gone = CHANGED.partition("  teams")[0]
    code, out, _ = run("apply", "--dry-run", schema=gone)
    assert code == 1
    assert "teams: not in the schema any more: its 0 documents would be kept" in out


def test_apply_refuses_what_does_not_fit(
    run: Run, full: list[str], place: Place
) -> None:
    before = place.dump()
    narrow = SCHEMA.replace("age: float", "age: str")
    code, out, errors = run("apply", "--dry-run", schema=narrow)
    assert code == 2
    assert "users: 30 documents would be checked" in out
    assert "users: 30 documents, 30 do not fit" in errors
    assert "… and 10 more" in errors
    code, out, errors = run("apply", schema=narrow)
    assert (code, out) == (2, "")
    assert "30 stored documents of table `users` do not fit" in errors
    assert place.dump() == before


def test_apply_of_an_older_schema(run: Run, full: list[str], place: Place) -> None:
    wider = SCHEMA.replace("age: float", "age: float | str")
    assert run("apply", schema=wider)[0] == 0
    for options in ([], ["--dry-run"]):
        code, _, errors = run("apply", *options, schema=SCHEMA)
        assert code == 2 and "codegen apply --older-schema" in errors
    assert run("apply", "--older-schema", schema=SCHEMA)[0] == 0


def test_apply_of_a_schema_with_faults(run: Run, place: Place) -> None:
    code, out, errors = run("apply", schema="tables: {a: {fields: {x: number}}}")
    assert (code, out) == (2, "")
    assert "E106" in errors
    assert not isinstance(place, File) or not place.path.exists()


def test_apply_builds_what_is_staged(run: Run, made: Any, place: Place) -> None:
    with made.server.connect(place.url) as db:
        db.insert_many(made.UserNew(name="n", age=n) for n in range(1500))
    staged = f"{SCHEMA[:-1]}\n".replace(
        "{by_name: [name]}", "{by_name: [name], by_age: {fields: [age], staged: true}}"
    )
    code, out, _ = run("apply", schema=staged)
    assert code == 0
    assert "users: index by_age built over 1,500 documents" in out
    assert "users.by_age" in place.indexes("users")
    code, out, _ = run("apply", schema=staged.replace(", staged: true", ""))
    assert (code, out) == (0, "The database has this schema now\n")


def test_verify_counts_all_and_names_some(run: Run, full: list[str]) -> None:
    narrow = SCHEMA.replace("age: float", 'age: "Annotated[float, Ge(25)]"')
    code, out, errors = run("verify", schema=narrow)
    assert (code, errors) == (1, "")
    first, *named, more = out.splitlines()
    assert first == "users: 30 documents, 25 do not fit"
    misfits = [
        f"  {id}: .age: {age}.0 breaks Ge(25)" for age, id in enumerate(full[:25])
    ]
    assert len(set(named)) == 20 and {*named} <= {*misfits}
    assert more == "  … and 5 more"
    code, out, _ = run("verify", "--applied", "--format", "json")
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"table": "users", "known": True, "documents": 30, "misfits": 0, "named": []}
    ]


def test_verify_of_values_that_are_to_be_unique(run: Run, full: list[str]) -> None:
    unique = SCHEMA.replace("[name]}", "{fields: [name], unique: true}}")
    code, out, _ = run("verify", "--format", "json", schema=unique)
    (table,) = [json.loads(line) for line in out.splitlines()]
    assert (code, table["misfits"]) == (1, 15)
    # One of each pair is named: the second in the order of rows.
    named = [full.index(misfit["id"]) // 2 for misfit in table["named"]]
    assert sorted(named) == [*range(15)]


def test_verify_finds_ids_of_other_tables(
    run: Run, full: list[str], place: Place
) -> None:
    place.edit("users", '"age":3.0', f'"age":3.0,"friend":"{full[0]}"')
    place.edit("users", '"age":4.0', '"age":4.0,"friend":"x"')
    code, out, _ = run("verify", "--applied")
    assert code == 1 and "users: 30 documents, 1 does not fit" in out
    assert f"{full[4]}: .friend: 'x' is not an id of `users`" in out
    teams = f"{SCHEMA}  teams: {{fields: {{}}}}\n".replace("Id[users]", "Id[teams]")
    code, out, _ = run("verify", schema=teams)
    assert code == 1 and "users: 30 documents, 2 do not fit" in out


def test_verify_of_tables_that_come_and_go(run: Run, full: list[str]) -> None:
    code, out, _ = run("verify", schema="tables: {teams: {fields: {}}}")
    assert (code, out) == (0, "users: 30 documents, not in the schema\n")


def test_diff_with_a_database(run: Run, full: list[str]) -> None:
    changed = SCHEMA.replace("age: float", "age: str, email: str")
    code, out, errors = run("diff", schema=changed)
    assert (code, errors) == (1, "")
    assert "changed: users.age: float -> str" in out
    assert "   users.age: float | str\n   users.email?: str\n2." in out
    assert "users.email: set it where it is absent" in out
    code, out, _ = run("diff", "--format", "json", schema=changed)
    stages = [json.loads(line) for line in out.splitlines() if '"stage"' in line]
    assert [stage["stage"] for stage in stages] == ["users.age", "users.email"]
    wider = SCHEMA.replace("age: float", "age: float | str")
    code, out, _ = run("diff", schema=wider)
    assert (code, out) == (
        1,
        "changed: users.age: float -> float | str  (older code may not read it)\n",
    )
    assert run("diff", schema=SCHEMA)[:2] == (0, "")


@pytest.mark.parametrize("command", ["diff", "verify", "apply"])
def test_an_empty_url_is_no_database(
    command: str, tmp_path: Path, made: ModuleType
) -> None:
    """As a variable of the shell that is not set."""
    (tmp_path / "now.yaml").write_text(SCHEMA)
    argv = [command, "--db", "", "--schema", "now.yaml"]
    code, out, errors = codegen(argv, tmp_path)
    assert (code, out) == (2, "")
    assert "'' is not the URL of a database" in errors


def test_there_is_nothing_to_verify(run: Run, place: Place) -> None:
    code, out, errors = run("verify", "--applied")
    assert (code, out) == (2, "")
    assert "does not exist" in errors or "no schema was applied" in errors
