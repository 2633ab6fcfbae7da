"""Pages: one after the other they are all of a query, whatever happens in between."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.engines.database import Database
from codegen.runtime import InvalidCursor, Page, Query, between, gt, gte

SCHEMA = """
tables:
  items:
    fields: {name: str, rank?: float, other: float}
    indexes:
      by_rank: [rank]
      by_both: [rank, other]
      by_other: [other]
  things:
    fields: {name: str, rank?: float, other: float}
    indexes:
      by_rank: [rank]
"""


def insert(models: ModuleType, db: Database, names: str) -> list[Any]:
    """The ids of documents with these names, whose ranks are in the order of the names."""
    return db.insert_many(
        [models.ItemNew(name=name, rank=ord(name), other=0) for name in names]
    )


def pages(db: Database, query: Query[Any], size: int) -> list[str]:
    """The names of the documents on each page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = db.run(query.paginate(size, cursor))
        found.append("".join(item.name for item in page.items))
        cursor = page.cursor
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, ["a", "b", "c", "d", ""]),
        (2, ["ab", "cd", ""]),
        (3, ["abc", "d"]),
        (4, ["abcd", ""]),
        (5, ["abcd"]),
        (9, ["abcd"]),
    ],
)
def test_the_end_is_seen_behind_the_last(
    models: ModuleType, db: Database, size: int, expected: list[str]
) -> None:
    """A page that is just full has a next one, which is empty: as on the server."""
    insert(models, db, "abcd")
    assert pages(db, models.items.by_rank(), size) == expected


def test_no_documents(models: ModuleType, db: Database) -> None:
    page = db.run(models.items.by_rank().paginate(3))
    assert (page.items, page.cursor) == ([], None)


def test_in_reverse(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcde")
    assert pages(db, models.items.by_rank().order("desc"), 2) == ["ed", "cb", "a"]


def test_within_bounds(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcdef")
    query = models.items.by_rank(between(ord("b"), ord("e")))
    assert pages(db, query, 3) == ["bcd", "e"]
    assert pages(db, query.order("desc"), 2) == ["ed", "cb", ""]


def test_filtered(models: ModuleType, db: Database) -> None:
    """A page is full of what the filter keeps."""
    insert(models, db, "abcdefgh")
    query = models.items.by_rank().filter(lambda item: item.name in "bdfg")
    assert pages(db, query, 2) == ["bd", "fg", ""]
    assert pages(db, query, 3) == ["bdf", "g"]
    assert pages(db, query.filter(lambda item: False), 3) == [""]


def test_filtered_among_very_many(models: ModuleType, db: Database) -> None:
    news = [models.ItemNew(name="x", rank=rank, other=0) for rank in range(900)]
    db.insert_many(news)
    query = models.items.by_rank().filter(lambda item: item.rank in (3, 280, 300, 899))
    assert pages(db, query, 2) == ["xx", "xx", ""]
    assert pages(db, query, 3) == ["xxx", "x"]


def test_filtered_in_reverse_among_very_many(models: ModuleType, db: Database) -> None:
    news = [models.ItemNew(name="x", rank=rank, other=0) for rank in range(900)]
    db.insert_many(news)
    first = models.items.by_rank().order("desc").filter(lambda item: item.rank == 0)
    assert [item.rank for item in db.run(first.paginate(1)).items] == [0]


def test_a_filter_that_fails(models: ModuleType, db: Database) -> None:
    insert(models, db, "ab")

    def fail(item: Any) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(models.items.by_rank().filter(fail).paginate(2))


def test_each_page_may_have_another_size(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcdef")
    query = models.items.by_rank()
    first = db.run(query.paginate(1))
    second = db.run(query.paginate(3, first.cursor))
    assert [item.name for item in second.items] == ["b", "c", "d"]


def test_a_cursor_can_be_used_again(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcd")
    query = models.items.by_rank()
    cursor = db.run(query.paginate(2)).cursor
    assert db.run(query.paginate(2, cursor)) == db.run(query.paginate(2, cursor))
    assert db.run(query.paginate(2)).cursor == cursor


def test_deletes_in_between(models: ModuleType, db: Database) -> None:
    """The cursor is a place, which stays when its document goes."""
    ids = insert(models, db, "abcdef")
    query = models.items.by_rank()
    page = db.run(query.paginate(2))
    for id in ids[:3]:
        db.delete(id)
    rest = db.run(query.paginate(9, page.cursor))
    assert [item.name for item in rest.items] == ["d", "e", "f"]


def test_inserts_in_between(models: ModuleType, db: Database) -> None:
    """Those behind the place are met, and those before it are not."""
    insert(models, db, "adf")
    query = models.items.by_rank()
    page = db.run(query.paginate(2))
    insert(models, db, "bde")
    rest = db.run(query.paginate(9, page.cursor))
    assert [item.name for item in rest.items] == ["d", "e", "f"]


def test_inserts_behind_the_end(models: ModuleType, db: Database) -> None:
    """A full last page did not see the end, so that what comes later is not missed."""
    insert(models, db, "ab")
    query = models.items.by_rank()
    cursor = db.run(query.paginate(2)).cursor
    insert(models, db, "c")
    assert [item.name for item in db.run(query.paginate(2, cursor)).items] == ["c"]


def test_a_cursor_outlives_the_program(models: ModuleType, url: str) -> None:
    query = models.items.by_rank()
    with models.server.connect(url) as db:
        insert(models, db, "abc")
        cursor = db.run(query.paginate(2)).cursor
    with models.server.connect(url) as db:
        assert [item.name for item in db.run(query.paginate(2, cursor)).items] == ["c"]


def test_a_filter_may_change(models: ModuleType, db: Database) -> None:
    """Filters are functions, which nobody can compare."""
    insert(models, db, "abcde")
    query = models.items.by_rank()
    page = db.run(query.filter(lambda item: item.name != "a").paginate(2))
    rest = query.filter(lambda item: item.name != "e").paginate(9, page.cursor)
    assert [item.name for item in db.run(rest).items] == ["d"]


def test_a_cursor_of_another_query(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcdef")
    items, b, f = models.items, ord("b"), ord("f")
    query = items.by_rank(between(b, f))
    cursor = db.run(query.paginate(2)).cursor
    others = [
        items.by_rank(between(b, f)).order("desc"),
        items.by_rank(),
        items.by_rank(gte(b)),
        items.by_rank(between(b, f - 1)),
        items.by_rank(gt(b)),
        items.by_rank(b),
        items.by_both(between(b, f)),
        items.by_other(between(b, f)),
        items.full_scan(),
        models.things.by_rank(between(b, f)),
    ]
    for other in others:
        with pytest.raises(InvalidCursor, match="different query"):
            db.run(other.paginate(2, cursor))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "a",
        "garbage",
        "é",
        "🔥",
        "\0",
        "=",
        "====",
        "A" * 500,
        "a b",
        "\ud800",
        "+/",
    ],
)
def test_text_that_is_no_cursor(models: ModuleType, db: Database, cursor: str) -> None:
    insert(models, db, "abc")
    with pytest.raises(InvalidCursor):
        db.run(models.items.by_rank().paginate(2, cursor))


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_a_damaged_cursor(models: ModuleType, db: Database, direction: Any) -> None:
    """Cut short, longer, or with another letter: never a page from the wrong place."""
    insert(models, db, "abcdef")
    query = models.items.by_rank().order(direction)
    cursor = db.run(query.paginate(2)).cursor
    assert cursor is not None
    damaged = [cursor[:length] for length in range(len(cursor))]
    damaged += [cursor + "A", cursor + "AAAA", "A" + cursor, cursor + cursor]
    damaged += [
        cursor[:at] + letter + cursor[at + 1 :]
        for at in range(len(cursor))
        for letter in "Az_"
        if cursor[at] != letter
    ]
    taken: list[str] = []
    for text in damaged:
        try:
            db.run(query.paginate(2, text))
        except InvalidCursor:
            continue
        taken.append(text)
    assert taken == []


def names(page: Page[Any]) -> str:
    return "".join(item.name for item in page.items)


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_a_page_again(models: ModuleType, db: Database, direction: Any) -> None:
    """Between its cursors are other documents now; its size does not matter any more."""
    ids = dict(zip("bdfhj", insert(models, db, "bdfhj"), strict=True))
    query = models.items.by_rank().order(direction)
    first = db.run(query.paginate(2))
    second = db.run(query.paginate(2, first.cursor))
    assert names(first) + names(second) == ("bdfh" if direction == "asc" else "jhfd")
    insert(models, db, "aceg")
    db.delete(ids["f"])
    pages = [
        db.run(query.paginate(1, begin, end_cursor=end))
        for begin, end in ((None, first.cursor), (first.cursor, second.cursor))
    ]
    assert [page.cursor for page in pages] == [first.cursor, second.cursor]
    found = ["abcd", "egh"] if direction == "asc" else ["jh", "ged"]
    assert [names(page) for page in pages] == found
    db.delete(ids["d"])
    db.delete(ids["h"])
    whole = db.run(query.paginate(1, None, end_cursor=second.cursor))
    assert names(whole) == ("abceg" if direction == "asc" else "jge")


def test_a_page_that_ends_before_it_begins(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcde")
    for query in (models.items.by_rank(), models.items.by_rank().order("desc")):
        first = db.run(query.paginate(1)).cursor
        later = db.run(query.paginate(3)).cursor
        for begin in (first, later):
            page = db.run(query.paginate(9, begin, end_cursor=first))
            assert (page.items, page.cursor) == ([], first)


def test_a_filtered_page_again(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcdef")
    query = models.items.by_rank().filter(lambda item: item.name in "bdf")
    first = db.run(query.paginate(2))
    again = query.paginate(9, end_cursor=first.cursor, maximum_rows_read=1)
    assert names(first) == names(db.run(again)) == "bd"


def test_an_end_of_another_query(models: ModuleType, db: Database) -> None:
    insert(models, db, "abcdef")
    cursor = db.run(models.items.by_other().paginate(2)).cursor
    query = models.items.by_rank()
    for end in (cursor, "garbage", ""):
        with pytest.raises(InvalidCursor):
            db.run(query.paginate(2, end_cursor=end))
    for end in (1, b"", True):
        with pytest.raises(TypeError, match="cursor"):
            query.paginate(2, end_cursor=end)


def test_no_more_is_read_than_allowed(models: ModuleType, db: Database) -> None:
    """Documents count before the filter drops them; the next page goes on there."""
    insert(models, db, "abcdefgh")
    query = models.items.by_rank().filter(lambda item: item.name in "bcgh")
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = db.run(query.paginate(2, cursor, maximum_rows_read=3))
        found.append(names(page))
        cursor = page.cursor
        if cursor is None:
            break
    # "abc", then "def", then "gh" are read; the full page has not seen the end.
    assert found == ["bc", "", "gh", ""]
    none = query.filter(lambda item: False).order("desc")
    page = db.run(none.paginate(2, maximum_rows_read=3))
    assert page.items == [] and page.cursor is not None
    assert names(db.run(query.order("desc").paginate(9, page.cursor))) == "cb"


def test_just_all_is_read(models: ModuleType, db: Database) -> None:
    """Whether there is more after the last that may be read, nobody has seen."""
    insert(models, db, "abc")
    query = models.items.by_rank()
    page = db.run(query.paginate(9, maximum_rows_read=3))
    assert names(page) == "abc" and page.cursor is not None
    rest = db.run(query.paginate(9, page.cursor, maximum_rows_read=3))
    assert (rest.items, rest.cursor) == ([], None)
    assert db.run(query.paginate(9, maximum_rows_read=4)).cursor is None
    assert names(db.run(query.paginate(2, maximum_rows_read=3))) == "ab"


def test_very_many_may_be_read(models: ModuleType, db: Database) -> None:
    """More than are read at a time."""
    db.insert_many([models.ItemNew(name="x", rank=n, other=0) for n in range(700)])
    query = models.items.by_rank().filter(lambda item: item.rank in (3, 599, 600))
    page = db.run(query.paginate(9, maximum_rows_read=600))
    assert [item.rank for item in page.items] == [3, 599]
    rest = db.run(query.paginate(9, page.cursor, maximum_rows_read=600))
    assert [item.rank for item in rest.items] == [600] and rest.cursor is None


@pytest.mark.parametrize("most", [0, -1, 1.0, "1", True])
def test_a_limit_that_is_none(models: ModuleType, most: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="expected"):
        models.items.by_rank().paginate(2, maximum_rows_read=most)


ranks = st.none() | st.sampled_from([-1.0, -0.0, 0.0, 1.0, float("inf"), float("nan")])


@given(
    st.lists(ranks, max_size=12),
    st.integers(1, 5),
    st.sampled_from(["asc", "desc"]),
    st.sampled_from([(), (gt(None),), (gte(0.0),), (between(None, 0),), (1,)]),
)
def test_pages_together_are_the_whole(
    models: ModuleType,
    inserted: list[float | None],
    size: int,
    direction: Any,
    bounds: tuple[Any, ...],
) -> None:
    with models.server.connect("sqlite://") as db:
        db.insert_many(
            [
                models.ItemNew(name=str(n), rank=r, other=0)
                for n, r in enumerate(inserted)
            ]
        )
        query = models.items.by_rank(*bounds).order(direction)
        found: list[Any] = []
        cursor = None
        while True:
            page = db.run(query.paginate(size, cursor))
            found += page.items
            assert len(page.items) == size or page.cursor is None
            cursor = page.cursor
            if cursor is None:
                break
        whole = db.run(query)
        assert [item.id for item in found] == [item.id for item in whole]
        streamed = [item.id for item in db.stream(query)]
        assert streamed == [item.id for item in whole]
