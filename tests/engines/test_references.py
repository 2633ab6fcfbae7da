"""Ids inside documents: each has to be one of the table that the schema says."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.ids import encode
from codegen.runtime import ValidationFailed

SCHEMA = """
types:
  Owned: {kind: 'Literal["owned"]', owner: 'Id[users]'}
  Shared: {kind: 'Literal["shared"]', owner: 'Id[teams]'}
  Loose: {by: 'Id[users]'}
  Tight: {by: 'Id[teams]'}
tables:
  users: {fields: {name: str}}
  teams: {fields: {name: str}}
  files: {fields: {content: 'Id[_storage]'}}
  posts:
    union:
      UserPost: {by: 'Literal["user"]', author: 'Id[users]'}
      TeamPost: {by: 'Literal["team"]', author: 'Id[teams]'}
  notes:
    fields:
      one?: Id[users]
      nullable?: Id[users] | None
      either?: Id[users] | Id[teams]
      word?: Id[users] | Literal["nobody"]
      text?: Id[users] | str
      many?: list[Id[users]]
      matrix?: list[list[Id[users]]]
      by_user?: dict[Id[users], float]
      by_name?: dict[str, Id[users]]
      nested?:
        deep:
          owner: Id[users]
          others?: list[Id[teams]]
      ownership?: Owned | Shared
      untagged?: Loose | Tight
      ownerships?: list[Owned | Shared]
      list_or_int?: list[Id[users]] | int
      dict_or_bytes?: dict[str, Id[users]] | bytes
      list_or_float?: list[Id[users]] | float
      list_or_dict?: list[Id[users]] | dict[str, Id[teams]]
    indexes:
      by_one: [one]
"""


@pytest.fixture
def user(models: ModuleType, db: Any) -> str:
    return str(db.insert(models.UserNew(name="Ada")))


@pytest.fixture
def team(models: ModuleType, db: Any) -> str:
    return str(db.insert(models.TeamNew(name="ours")))


def fields(user: str, team: str) -> list[tuple[str, str, object]]:
    """Every place that an id can have: a field, the way to the id, and a value."""
    return [
        (".one", "one", user),
        (".nullable", "nullable", user),
        (".word", "word", user),
        (".many[1]", "many", ["good", user]),
        (".matrix[1][0]", "matrix", [[], [user]]),
        (".by_user.keys()", "by_user", {user: 1.0}),
        (".by_name.values()", "by_name", {"a": user}),
        (".nested.deep.owner", "nested", {"deep": {"owner": user}}),
        (
            ".nested.deep.others[0]",
            "nested",
            {"deep": {"owner": "good", "others": [team]}},
        ),
        (".ownership.owner", "ownership", {"kind": "owned", "owner": user}),
        (".ownership.owner", "ownership", {"kind": "shared", "owner": team}),
        (".ownerships[0].owner", "ownerships", [{"kind": "owned", "owner": user}]),
        (".list_or_dict[0]", "list_or_dict", [user]),
        (".list_or_dict.values()", "list_or_dict", {"a": team}),
        (".list_or_int[0]", "list_or_int", [user]),
        (".list_or_float[0]", "list_or_float", [user]),
        (".dict_or_bytes.values()", "dict_or_bytes", {"a": user}),
    ]


def with_good(value: Any, user: str) -> Any:
    """The value, with a user's id wherever it says `good`."""
    if isinstance(value, list):
        return [with_good(item, user) for item in value]
    if isinstance(value, dict):
        return {name: with_good(item, user) for name, item in value.items()}
    return user if value == "good" else value


PLACES = range(len(fields("", "")))


@pytest.mark.parametrize("place", PLACES)
def test_the_right_id_is_taken(
    models: ModuleType, db: Any, user: str, team: str, place: int
) -> None:
    _, name, value = fields(user, team)[place]
    wire = {name: with_good(value, user)}
    id = db.insert(models.NoteNew.from_wire(wire))
    assert db.get(id).to_wire()[name] == wire[name]


@pytest.mark.parametrize("place", PLACES)
def test_the_id_of_another_table_is_refused(
    models: ModuleType, db: Any, user: str, team: str, place: int
) -> None:
    """With the way to it, for a new document and for a changed one."""
    path, name, value = fields(team, user)[place]
    wire = {name: with_good(value, user)}
    note = db.insert(models.NoteNew())
    calls: list[Callable[[], object]] = [
        lambda: db.insert(models.NoteNew.from_wire(wire)),
        lambda: db.patch(note, models.NotePatch.from_wire(wire)),
        lambda: db.replace(note, models.NoteNew.from_wire(wire)),
    ]
    for call in calls:
        with pytest.raises(ValidationFailed) as caught:
            call()
        assert (caught.value.table, caught.value.path) == ("notes", path)
    assert len(db.run(models.notes.full_scan())) == 1


@pytest.mark.parametrize("place", PLACES)
def test_text_that_is_no_id_is_refused(
    models: ModuleType, db: Any, user: str, place: int
) -> None:
    path, name, value = fields("somebody", "somebody")[place]
    wire = {name: with_good(value, user)}
    with pytest.raises(ValidationFailed, match="somebody") as caught:
        db.insert(models.NoteNew.from_wire(wire))
    assert caught.value.path == path


@pytest.mark.parametrize(
    "wire",
    [
        {"nullable": None},
        {"word": "nobody"},
        {"text": "anybody"},
        {"many": []},
        {"list_or_int": {"$integer": "AQAAAAAAAAA="}},
        {"dict_or_bytes": {"$bytes": "AAE="}},
        {"list_or_float": {"$float": "AAAAAAAA+H8="}},
        {"list_or_float": 1.5},
    ],
)
def test_what_is_beside_an_id_in_a_union_is_taken(
    models: ModuleType, db: Any, wire: dict[str, object]
) -> None:
    id = db.insert(models.NoteNew.from_wire(wire))
    assert db.get(id).to_wire().items() >= wire.items()


def test_ids_of_two_tables(models: ModuleType, db: Any, user: str, team: str) -> None:
    """In a union either will do; of a third table, none."""
    note = db.insert(models.NoteNew(either=models.UserId(user)))
    db.patch(note, models.NotePatch(either=models.TeamId(team)))
    assert db.get(note).either == team
    with pytest.raises(ValidationFailed, match="`users` or `teams`") as caught:
        db.insert(models.NoteNew(either=models.UserId(str(note))))
    assert caught.value.path == ".either"


@pytest.mark.parametrize("kind", ["user", "team"])
def test_objects_that_only_their_ids_tell_apart(
    models: ModuleType, db: Any, user: str, team: str, kind: str
) -> None:
    good = {"user": user, "team": team}[kind]
    id = db.insert(models.NoteNew.from_wire({"untagged": {"by": good}}))
    assert db.get(id).untagged.by == good
    with pytest.raises(ValidationFailed) as caught:
        db.insert(models.NoteNew.from_wire({"untagged": {"by": str(id)}}))
    assert caught.value.path == ".untagged.by"


def test_each_kind_of_document_has_its_own(
    models: ModuleType, db: Any, user: str, team: str
) -> None:
    db.insert(models.UserPostNew(by="user", author=models.UserId(user)))
    db.insert(models.TeamPostNew(by="team", author=models.TeamId(team)))
    with pytest.raises(ValidationFailed) as caught:
        db.insert(models.UserPostNew(by="user", author=models.UserId(team)))
    assert caught.value.path == ".author"


def test_a_document_that_is_gone_may_be_named(
    models: ModuleType, db: Any, user: str
) -> None:
    """As on the server: the table is checked, and not whether the document exists."""
    db.delete(models.UserId(user))
    note = db.insert(models.NoteNew(one=models.UserId(user)))
    assert db.run(models.notes.by_one(models.UserId(user)).unique()).id == note


def test_a_file_of_a_deployment_can_be_named(models: ModuleType, db: Any) -> None:
    """Tables of the system are not in this database; the text has to be an id."""
    file = encode(10, bytes(range(16)))
    id = db.insert(models.FileNew.from_wire({"content": file}))
    assert db.get(id).content == file
    with pytest.raises(ValidationFailed) as caught:
        db.insert(models.FileNew.from_wire({"content": "a file"}))
    assert caught.value.path == ".content"
