"""What `convex-test` has wrong is left out of the comparison; here is what the server does.

Each test says in its docstring how the mock differs, and why the random programs avoid it. Of
two differences there is nothing to test: filters are Python functions here, not expressions, and
bounds are given by position, so that they have only one order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from codegen.engines.ids import decode
from codegen.runtime import gt
from codegen.runtime.errors import (
    InvalidCursor,
    InvalidId,
    InvalidQuery,
    ValidationFailed,
)
from tests.engines.oracle.conftest import package

Refused = (ValidationError, ValidationFailed)


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("beyond")
    with package("beyond.yaml", "beyond_the_oracle", folder) as made:
        yield made


@pytest.fixture(params=["memory", "postgres"])
def db(request: pytest.FixtureRequest, beyond: ModuleType) -> Iterator[Any]:
    on_server = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if on_server else "sqlite://"
    with beyond.server.connect(url) as database:
        yield database


def thing(beyond: ModuleType, **wire: object) -> Any:
    return beyond.ThingNew.from_wire(wire)


def test_a_full_page_is_not_the_last(beyond: ModuleType, db: Any) -> None:
    """The mock looks one document ahead: it says at once that a page ends on the last one.

    The server has not seen the end (`crates/isolate/src/environment/udf/async_syscall.rs`).
    """
    db.insert_many([thing(beyond, value=float(n)) for n in range(4)])
    query = beyond.things.by_value()
    first = db.run(query.paginate(2))
    second = db.run(query.paginate(2, first.cursor))
    assert len(second.items) == 2 and second.cursor is not None
    third = db.run(query.paginate(2, second.cursor))
    assert (third.items, third.cursor) == ([], None)


def test_a_page_that_is_not_full_is_the_last(beyond: ModuleType, db: Any) -> None:
    db.insert(thing(beyond))
    page = db.run(beyond.things.full_scan().paginate(2))
    assert len(page.items) == 1 and page.cursor is None


def test_a_cursor_is_of_one_query(beyond: ModuleType, db: Any) -> None:
    """The mock's cursor is a list of values, which any query takes."""
    db.insert_many([thing(beyond, value=float(n)) for n in range(4)])
    query = beyond.things.by_value()
    cursor = db.run(query.paginate(1)).cursor
    assert len(db.run(query.paginate(9, cursor)).items) == 3
    for other in (query.order("desc"), beyond.things.by_value(gt(-1.0))):
        with pytest.raises(InvalidCursor):
            db.run(other.paginate(1, cursor))


def test_a_page_has_room(beyond: ModuleType) -> None:
    """The mock takes a page of no documents; to the server it is an error."""
    with pytest.raises(ValueError):
        beyond.things.full_scan().paginate(0)


def test_records_are_looked_into(beyond: ModuleType, db: Any) -> None:
    """The mock takes anything for a record."""
    id = db.insert(thing(beyond, votes={"a": 1.0}))
    assert db.get(id).votes == {"a": 1.0}
    for votes in ({"a": "1"}, {"a": None}, {"ä": 1.0}, [1.0], None):
        with pytest.raises(Refused):
            db.insert(thing(beyond, votes=votes))


def test_literals_of_int64s(beyond: ModuleType, db: Any) -> None:
    """To the mock no value is equal to a literal of an int64."""
    id = db.insert(thing(beyond, version={"$integer": "AQAAAAAAAAA="}))
    assert type(db.get(id).version) is int and db.get(id).version == 1
    for version in ({"$integer": "AwAAAAAAAAA="}, 1.0, True):
        with pytest.raises(Refused):
            db.insert(thing(beyond, version=version))


def test_literals_of_zero(beyond: ModuleType, db: Any) -> None:
    """JavaScript's `===` takes -0.0 for 0.0, which the server does not."""
    db.insert(thing(beyond, level=0.0))
    with pytest.raises(Refused):
        db.insert(thing(beyond, level={"$float": "AAAAAAAAAIA="}))


@pytest.mark.parametrize("name", ["constructor", "toString", "valueOf"])
def test_names_that_javascript_has_everywhere(
    beyond: ModuleType, db: Any, name: str
) -> None:
    """The mock takes them for declared fields."""
    with pytest.raises(Refused):
        db.insert(thing(beyond, **{name: 1.0}))
    id = db.insert(beyond.NoteNew.from_wire({name: 1.0}))
    assert db.get(id).to_wire()[name] == 1.0


def test_ids(beyond: ModuleType, db: Any) -> None:
    """The mock's ids are a number and the name of the table; it knows by the end of a text."""
    thing_id = db.insert(thing(beyond))
    note_id = db.insert(beyond.NoteNew())
    assert decode(thing_id)[0] != decode(note_id)[0] and len(thing_id) == 32
    db.insert(thing(beyond, other=thing_id))
    for other in (note_id, "10000things", thing_id[:-1], thing_id.upper(), ""):
        with pytest.raises(Refused):
            db.insert(thing(beyond, other=other))


def test_a_malformed_id_is_not_just_unknown(beyond: ModuleType, db: Any) -> None:
    """The mock finds no document with it."""
    id = db.insert(thing(beyond))
    db.delete(id)
    assert db.get(id) is None
    for text in ("10000things", id[:-1], "0" * 32, db.insert(beyond.NoteNew())):
        with pytest.raises(InvalidId):
            db.get(beyond.ThingId(str(text)))


def nested(levels: int) -> object:
    value: object = 1.0
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("largest", "larger"),
    [
        (nested(15), nested(16)),
        ([0.0] * 8192, [0.0] * 8193),
        (
            {f"f{n}": 0.0 for n in range(1024)},
            {f"f{n}": 0.0 for n in range(1025)},
        ),
        ({"n" * 1024: 0.0}, {"n" * 1025: 0.0}),
    ],
    ids=["nesting", "items", "fields", "name"],
)
def test_limits(beyond: ModuleType, db: Any, largest: object, larger: object) -> None:
    """The mock has none of these (`crates/value/src/{array,object,size}.rs`)."""
    id = db.insert(thing(beyond, value=largest))
    assert db.get(id).value == largest
    with pytest.raises(Refused):
        db.insert(thing(beyond, value=larger))


def test_the_largest_document(beyond: ModuleType, db: Any) -> None:
    """The mock does not measure documents (`crates/common/src/document.rs`)."""
    id = db.insert(thing(beyond, value=""))
    # The document itself, its fields with their names, each text with two bytes more.
    system = 2 + len("_id") + 1 + len(id) + 2 + len("_creationTime") + 1 + 9
    room = 2**20 - system - (len("value") + 1 + 2)
    assert len(db.get(db.insert(thing(beyond, value="x" * room))).value) == room
    with pytest.raises(Refused):
        db.insert(thing(beyond, value="x" * (room + 1)))


@pytest.mark.parametrize("name", ["_x", "$x", "ä", "a\n"])
def test_names_of_fields(beyond: ModuleType, db: Any, name: str) -> None:
    """The mock takes most of them in documents of any shape."""
    with pytest.raises(Refused):
        db.insert(beyond.NoteNew.from_wire({name: 1.0, "b": 1.0}))


def test_an_index_that_does_not_exist(beyond: ModuleType, db: Any) -> None:
    """The mock knows no indexes of tables without a schema, and no staged ones."""
    with pytest.raises(InvalidQuery):
        db.run(beyond.things._index("by_nothing", ()))


def test_creation_times_are_neighbours(beyond: ModuleType, db: Any) -> None:
    """The mock goes on by a microsecond; the server by the next float (`document.rs`)."""
    with db.transaction():
        ids = [db.insert(thing(beyond)) for _ in range(3)]
    first, *others = [db.get(id).creation_time for id in ids]
    for time in others:
        first = math.nextafter(first, math.inf)
        assert time == first
