"""Databases that Tablewright made: some of their tables, as the schema has them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.cases.cases import codegen
from tests.engines.packages import package

SCHEMA = """\
types:
  Place: {street: str, town: str}
  Unused: Literal["a", "b"]

tables:
  Users:
    fields:
      name: Annotated[str, MinLen(1)]
      home?: Place
      friends: list[Id[Users]]
      team: Id[teams] | None
      rooms: dict[str, Id[teams]]
    indexes:
      by_town: [home.town]

  teams:
    fields:
      kind: Unused
"""
USERS = """\
types:
  Place: {street: str, town: str}

tables:
  Users:
    fields:
      name: Annotated[str, MinLen(1)]
      home?: Place
      friends: list[Id[Users]]
      team: str | None
      rooms: dict[str, str]
    indexes:
      by_town: [home.town]
"""


def _made(folder: Path, name: str) -> None:
    made = package(folder, SCHEMA, name)
    with closing(made.connect(f"sqlite:///{folder}/app.db")):
        pass


def test_some_tables(tmp_path: Path) -> None:
    _made(tmp_path, "own_some")
    code, text, said = codegen(["import", "app.db", "--table", "users"], tmp_path)
    assert code == 0
    assert text.partition("\n\n")[2] == USERS
    for field in ("team", "rooms"):
        assert (
            f"warning[W824]: app.db: Users.{field}: the reference to teams is left out: "
            "the table is not imported"
        ) in said


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    _made(tmp_path, "own_none")
    argv = ["import", "app.db", "--table", "_tablewright_schemas"]
    code, text, said = codegen(argv, tmp_path)
    assert (code, text) == (2, "")
    assert "error[E822]: app.db: there is no table _tablewright_schemas" in said
    assert "help: the tables are: Users, teams" in said


def test_its_integers_stay(tmp_path: Path) -> None:
    _made(tmp_path, "own_integers")
    argv = ["import", "app.db", "--integers", "float"]
    code, text, said = codegen(argv, tmp_path)
    assert (code, text) == (0, SCHEMA)
    assert said == "the stored schema is as it was, with its `int`\n"
