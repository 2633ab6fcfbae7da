"""Queries are values: they can be compared, kept and refined without running."""

from __future__ import annotations

import pickle

import pytest

from codegen.runtime import Bound, Queries, Range, between, gt, gte, lt, lte
from tests.runtime.models import User, users


class Indexed(Queries[User]):
    def by_name(self, /, *bounds: object):
        return self._index("by_name", bounds)


indexed = Indexed(User)


def test_refining_makes_another_query() -> None:
    query = indexed.by_name("Ada")
    newest = query.order("desc")
    assert query.direction == "asc" and newest.direction == "desc"
    assert newest.order("asc") == query == indexed.by_name("Ada")
    assert hash(query) == hash(indexed.by_name("Ada"))
    assert "by_name" in repr(query) and "Ada" in repr(query)
    assert query.take(3) == query.take(3) != query.take(4)
    assert query.first() != query.unique()


def test_filters_add_up() -> None:
    first, second = (lambda user: True), (lambda user: False)
    assert users.full_scan().filter(first).filter(second).filters == (first, second)


def test_queries_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        users.full_scan().index = "other"
    with pytest.raises(AttributeError):
        users.full_scan().take(1).count = 2
    with pytest.raises(AttributeError):
        users.by_name = None


def test_every_table_is_indexed_by_creation_time() -> None:
    assert users.by_creation_time() == users.full_scan()
    query = users.by_creation_time(gte(5))
    assert (query.index, query.bounds) == ("by_creation_time", (gte(5),))
    assert query.arms.table == "users"


def test_bounds_are_kept_as_given() -> None:
    assert indexed.by_name(None, gt(None)).bounds == (None, gt(None))


def test_only_the_last_bound_may_be_a_range() -> None:
    with pytest.raises(TypeError, match="only the last bound"):
        indexed.by_name(gt("a"), 5)


def test_ranges() -> None:
    assert gt(1) == Range(Bound(1, inclusive=False))
    assert between(1, 2) == gte(1) & lte(2)
    assert gt(1) & lt(2) == lt(2) & gt(1)
    assert gt(None).lower == Bound(None, inclusive=False)
    for one, other in ((gt(1), gte(1)), (lt(1), lte(1)), (between(1, 2), lt(1))):
        with pytest.raises(ValueError, match="same side"):
            one & other


@pytest.mark.parametrize("count", [-1, True, 1.0, "1"])
def test_take_counts_documents(count: object) -> None:
    assert users.full_scan().take(0).count == 0
    with pytest.raises((ValueError, TypeError)):
        users.full_scan().take(count)


@pytest.mark.parametrize("size", [0, -1, True, 1.0])
def test_a_page_holds_a_document_at_least(size: object) -> None:
    page = users.full_scan().paginate(1, "cursor")
    assert (page.size, page.cursor) == (1, "cursor")
    with pytest.raises((ValueError, TypeError)):
        users.full_scan().paginate(size)


def test_order_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="'asc' or 'desc'"):
        users.full_scan().order("down")


def test_queries_pickle() -> None:
    query = users.by_creation_time(gte(5)).take(3)
    assert pickle.loads(pickle.dumps(query)) == query
