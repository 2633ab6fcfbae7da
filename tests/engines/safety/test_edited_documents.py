"""Documents that another program has edited: the error names the document, and what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.runtime import CorruptDatabase, SchemaMismatch
from tests.engines.packages import package
from tests.engines.safety.files import plain, url_of
from tests.engines.safety.places import Place

SCHEMA = """
tables:
  users:
    fields: {name: str, tags: 'list[str]'}
    indexes: {by_name: [name]}
"""


@pytest.fixture
def made(tmp_path: Path) -> Any:
    return package(tmp_path, SCHEMA, "edited")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"name":"b"', '"name":"b","nme":"b"', "there is no field `nme`"),
        ('"name":"b"', '"name":5', ".name: 5.0 is not str"),
        ('"b","tags":["t"]', '"b","tags":["t",null]', ".tags[1]: None is not str"),
        ('"name":"b",', "", "the required field `name` is missing"),
    ],
)
def test_what_does_not_fit(
    made: Any, place: Place, old: str, new: str, reason: str
) -> None:
    with made.server.connect(place.url) as db:
        news = [made.UserNew(name=name, tags=["t"]) for name in "abc"]
        ids = db.insert_many(news)
        place.edit("users", old, new)
        for read in (lambda: db.get(ids[1]), lambda: db.run(made.users.full_scan())):
            with pytest.raises(SchemaMismatch) as refused:
                read()
            assert refused.value.ids == (ids[1],)
            assert str(refused.value).endswith(f"the first: {reason}")
        assert db.get(ids[0]).name == "a"


@pytest.mark.parametrize(
    ("text", "named", "reason"),
    [
        ("{", "a document", "is not JSON"),
        ('{"_id":"ID","name":', "document ID", "is not JSON"),
        ('{"_id":"ID"}', "document ID", "has not the form of a document"),
        ('{"_id":"I', "a document", "is not JSON"),
        ("[]", "a document", "has not the form of a document"),
    ],
)
def test_what_is_no_document(
    made: Any, tmp_path: Path, text: str, named: str, reason: str
) -> None:
    file = tmp_path / "edited.db"
    with made.server.connect(url_of(file)) as db:
        id, _ = db.insert_many(made.UserNew(name=name, tags=[]) for name in "ab")
        with plain(file) as connection:
            sql = "UPDATE users SET _document = ? WHERE _id = ?"
            connection.execute(sql, (text.replace("ID", id), id))
        for act in (
            lambda: db.get(id),
            lambda: db.patch(id, made.UserPatch(name="c")),
        ):
            said = f"document {id} of table `users` {reason}"
            with pytest.raises(CorruptDatabase, match=said):
                act()
        said = f"{named.replace('ID', id)} of table `users` {reason}"
        for read in (
            lambda: db.run(made.users.by_name("a")),
            lambda: db.run(made.users.full_scan()),
            lambda: next(iter(db.stream(made.users.full_scan()))),
        ):
            with pytest.raises(CorruptDatabase, match=said):
                read()
        assert len(db.run(made.users.by_name("b"))) == 1
