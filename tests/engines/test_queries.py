"""Queries: in the order of an index, limited, and filtered."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.runtime import InvalidQuery, NotUnique, Query, gt

SCHEMA = """
tables:
  items:
    fields: {name: str, rank: float, group?: str}
    indexes:
      by_rank: [rank]
      by_group: [group, rank]
      later: {fields: [name], staged: true}
  empty: {fields: {name: str}}
  events:
    model: Event
    union:
      Started: {kind: 'Literal["started"]', at: float}
      Failed: {kind: 'Literal["failed"]', at: float, reason: str}
    indexes:
      by_at: [at]
"""


def names(documents: list[Any]) -> str:
    return "".join(document.name for document in documents)


@pytest.fixture
def items(models: ModuleType, db: Database) -> Any:
    """The queries of a table with five documents."""
    ranks = {"a": 3, "b": 1, "c": 2, "d": 1, "e": 5}
    db.insert_many([models.ItemNew(name=n, rank=rank) for n, rank in ranks.items()])
    return models.items


@pytest.fixture
def many(models: ModuleType, db: Database) -> Any:
    """The queries of a table with 1,000 documents, of ranks 0 to 999."""
    db.insert_many([models.ItemNew(name="m", rank=rank) for rank in range(1000)])
    return models.items


def test_a_scan_is_from_the_oldest_on(db: Database, items: Any) -> None:
    assert names(db.run(items.full_scan())) == "abcde"
    assert names(db.run(items.full_scan().order("desc"))) == "edcba"


def test_an_index_has_its_own_order(db: Database, items: Any) -> None:
    """What is equal in it is from the oldest on, and from the newest on in reverse."""
    assert names(db.run(items.by_rank())) == "bdcae"
    assert names(db.run(items.by_rank().order("desc"))) == "eacdb"


def test_some_or_one_or_all(db: Database, items: Any) -> None:
    query = items.by_rank()
    assert names(db.run(query.take(2))) == "bd"
    assert names(db.run(query.take(100))) == "bdcae"
    assert db.run(query.take(0)) == []
    assert db.run(query.first()).name == "b"
    assert db.run(query.order("desc").first()).name == "e"
    assert db.run(query.collect()) == db.run(query)


@pytest.mark.parametrize("count", [2**63 - 1, 2**63, 2**70])
def test_more_than_any_database_counts(db: Database, items: Any, count: int) -> None:
    query = items.by_rank()
    filtered = query.filter(lambda item: item.name != "d")
    assert names(db.run(query.take(count))) == "bdcae"
    assert names(db.run(query.paginate(count)).items) == "bdcae"
    assert names(db.run(filtered.take(count))) == "bcae"


@pytest.mark.parametrize("count", [2**63 - 1, 2**63, 2**70])
def test_a_filtered_page_of_more(db: Database, items: Any, count: int) -> None:
    filtered = items.by_rank().filter(lambda item: item.name != "d")
    most = db.run(filtered.paginate(count, maximum_rows_read=count))
    assert names(most.items) == "bcae" and most.cursor is None


def test_nothing_is_found(models: ModuleType, db: Database, items: Any) -> None:
    for query in (items.by_rank(9), items.by_rank(gt(5)), models.empty.full_scan()):
        assert db.run(query) == [] == db.run(query.take(3))
        assert db.run(query.first()) is None is db.run(query.unique())
        assert list(db.stream(query)) == []
        assert db.run(query.paginate(3)).items == []


def test_the_only_one(db: Database, items: Any) -> None:
    assert db.run(items.by_rank(5).unique()).name == "e"
    with pytest.raises(NotUnique, match="by_rank") as caught:
        db.run(items.by_rank(1).unique())
    twins = [item.id for item in db.run(items.by_rank(1))]
    error = caught.value
    assert (error.table, error.index, list(error.ids)) == ("items", "by_rank", twins)


def test_unique_names_two_of_many(db: Database, many: Any) -> None:
    with pytest.raises(NotUnique) as caught:
        db.run(many.by_rank().order("desc").unique())
    newest = db.run(many.by_rank().order("desc").take(2))
    assert list(caught.value.ids) == [item.id for item in newest]


def test_filters_see_documents(models: ModuleType, db: Database, items: Any) -> None:
    seen: list[object] = []

    def keep(item: Any) -> bool:
        seen.append(type(item))
        return bool(item.rank < 3)

    assert names(db.run(items.full_scan().filter(keep))) == "bcd"
    assert set(seen) == {models.Item}


def test_filters_see_each_kind_of_document(models: ModuleType, db: Database) -> None:
    db.insert(models.StartedNew(kind="started", at=1))
    db.insert(models.FailedNew(kind="failed", at=2, reason="why"))
    query = models.events.by_at().filter(lambda event: hasattr(event, "reason"))
    assert [event.reason for event in db.run(query)] == ["why"]


def test_filters_are_before_limits(db: Database, items: Any) -> None:
    odd = items.full_scan().filter(lambda item: item.rank % 2 == 1)
    assert names(db.run(odd.take(2))) == "ab"
    assert names(db.run(odd.order("desc").take(2))) == "ed"
    assert names(db.run(odd.filter(lambda item: item.rank > 1).take(2))) == "ae"
    assert db.run(odd.filter(lambda item: item.rank > 1).first()).name == "a"
    assert db.run(odd.filter(lambda item: item.name == "d").unique()).name == "d"
    with pytest.raises(NotUnique):
        db.run(odd.unique())


def test_a_filter_may_drop_very_many(db: Database, many: Any) -> None:
    """More than are read at once, in either direction."""

    def ranks(query: Any) -> list[float]:
        return [item.rank for item in db.run(query)]

    rare = many.by_rank().filter(lambda item: item.rank % 300 == 299)
    assert ranks(rare) == [299, 599, 899]
    assert ranks(rare.take(2)) == [299, 599]
    assert ranks(rare.take(4)) == [299, 599, 899]
    assert ranks(rare.order("desc").take(2)) == [899, 599]
    last = many.by_rank().filter(lambda item: item.rank == 999)
    assert db.run(last.first()).rank == 999 == db.run(last.unique()).rank
    assert db.run(many.by_rank().filter(lambda item: False).first()) is None
    first = many.by_rank().order("desc").filter(lambda item: item.rank == 0)
    assert [item.rank for item in db.stream(first)] == [0]


def test_no_more_is_filtered_than_is_asked_for(db: Database, many: Any) -> None:
    seen: list[float] = []

    def keep(item: Any) -> bool:
        seen.append(item.rank)
        return bool(item.rank >= 300)

    db.run(many.by_rank().filter(keep).take(3))
    assert seen == [float(rank) for rank in range(303)]


class Broken(Exception):
    pass


@pytest.mark.parametrize("inside", [False, True])
def test_a_filter_that_fails(
    models: ModuleType, db: Database, items: Any, inside: bool
) -> None:
    """It fails the query, and the database works as before."""

    def fail(item: Any) -> bool:
        raise Broken

    broken = items.full_scan().filter(fail)

    def read_all() -> None:
        for read in (broken, broken.take(1), broken.unique()):
            with pytest.raises(Broken):
                db.run(read)
        with pytest.raises(Broken):
            next(iter(db.stream(broken)))
        db.insert(models.ItemNew(name="f", rank=0))

    if inside:
        with db.transaction():
            read_all()
    else:
        read_all()
    assert names(db.run(items.full_scan())) == "abcdef"


@pytest.mark.parametrize("db", ["memory", "file", "postgres"], indirect=True)
@pytest.mark.parametrize("inside", [False, True])
def test_a_filter_may_read_the_database(
    models: ModuleType, db: Database, items: Any, inside: bool
) -> None:
    """As for a join, in a transaction and without one; no filter can `await`."""

    def twin(item: Any) -> bool:
        return len(db.run(items.by_rank(item.rank))) == 2 and db.get(item.id) == item

    twins = items.full_scan().filter(twin)
    if inside:
        with db.transaction():
            db.insert(models.ItemNew(name="f", rank=5))
            found = [db.run(twins), db.run(twins.take(9)), [*db.stream(twins)]]
        assert [*map(names, found)] == ["bdef"] * 3
    else:
        found = [db.run(twins), db.run(twins.take(9)), [*db.stream(twins)]]
        assert [*map(names, found)] == ["bd"] * 3


def test_a_staged_index_is_not_used_yet(db: Database, items: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"`later`.*staged"):
        db.run(Query(items.full_scan().arms, "later"))


def test_an_index_that_does_not_exist(db: Database, items: Any) -> None:
    with pytest.raises(InvalidQuery, match="no index `by_size`"):
        db.run(Query(items.full_scan().arms, "by_size"))


def test_a_query_can_be_run_again(models: ModuleType, db: Database, items: Any) -> None:
    newest = items.full_scan().order("desc").take(1)
    assert names(db.run(newest)) == "e"
    db.insert(models.ItemNew(name="f", rank=0))
    assert names(db.run(newest)) == "f"
