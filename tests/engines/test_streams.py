"""Streams: documents are read in portions, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import Closed, InvalidQuery, gte

SCHEMA = """
tables:
  items:
    fields: {rank: float, text?: str, vector?: "list[float]"}
    indexes:
      by_rank: [rank]
    searchIndexes:
      search_text: {field: text}
    vectorIndexes:
      by_vector: {field: vector, dimensions: 2}
"""


@pytest.fixture
def items(models: ModuleType, db: Any) -> Any:
    """The queries of a table with 600 documents, of ranks 0 to 599."""
    db.insert_many([models.ItemNew(rank=rank) for rank in range(600)])
    return models.items


def ranks(documents: Any) -> list[float]:
    return [document.rank for document in documents]


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 512, 513])
def test_every_document_comes_once(models: ModuleType, db: Any, count: int) -> None:
    """However many there are beside the size of a portion."""
    db.insert_many([models.ItemNew(rank=rank) for rank in range(count)])
    expected = [float(rank) for rank in range(count)]
    assert ranks(db.stream(models.items.by_rank())) == expected
    assert ranks(db.stream(models.items.by_rank().order("desc"))) == expected[::-1]


def test_of_a_stretch_and_filtered(db: Any, items: Any) -> None:
    query = items.by_rank(gte(100)).filter(lambda item: item.rank % 100 == 99)
    assert ranks(db.stream(query)) == [199, 299, 399, 499, 599]


def test_no_more_is_read_than_is_asked_for(db: Any, items: Any) -> None:
    seen: list[float] = []

    def keep(item: Any) -> bool:
        seen.append(item.rank)
        return True

    query = items.by_rank().filter(keep)
    assert ranks(islice(db.stream(query), 3)) == [0, 1, 2]
    assert len(seen) < 300


def test_what_is_read_may_be_deleted(db: Any, items: Any) -> None:
    """The usual way to empty a table."""
    for item in db.stream(items.by_rank()):
        db.delete(item.id)
    assert db.run(items.full_scan()) == []


def test_what_is_read_may_be_changed(models: ModuleType, db: Any, items: Any) -> None:
    for item in db.stream(items.by_rank()):
        db.patch(item.id, models.ItemPatch(rank=-item.rank - 1))
    assert ranks(db.run(items.by_rank())) == [float(rank) for rank in range(-600, 0)]


def test_later_portions_see_what_was_written(
    models: ModuleType, db: Any, items: Any
) -> None:
    stream = db.stream(items.by_rank())
    assert next(stream).rank == 0
    db.insert(models.ItemNew(rank=1000))
    db.insert(models.ItemNew(rank=-1))
    found = ranks(stream)
    assert found[-1] == 1000 and -1 not in found


def test_a_patch_may_move_a_document_ahead(
    models: ModuleType, db: Any, items: Any
) -> None:
    """It is met again, where it is now: a stream is no snapshot."""
    stream = db.stream(items.by_rank())
    first = next(stream)
    db.patch(first.id, models.ItemPatch(rank=1000))
    assert [item.id for item in stream][-1] == first.id


def test_inside_a_transaction(models: ModuleType, db: Any, items: Any) -> None:
    """The stream is of the transaction, and sees all of it."""
    with db.transaction():
        for rank in range(600, 700):
            db.insert(models.ItemNew(rank=rank))
        for item in db.stream(items.by_rank()):
            db.patch(item.id, models.ItemPatch(rank=item.rank - 0.5))
    assert ranks(db.stream(items.by_rank())) == [rank - 0.5 for rank in range(700)]


def test_a_transaction_for_each_document(
    models: ModuleType, db: Any, items: Any
) -> None:
    for item in db.stream(items.by_rank()):
        with db.transaction():
            db.patch(item.id, models.ItemPatch(rank=db.get(item.id).rank - 0.5))
    assert ranks(db.run(items.by_rank())) == [rank - 0.5 for rank in range(600)]


def test_several_at_once(db: Any, items: Any) -> None:
    up = db.stream(items.by_rank())
    down = db.stream(items.by_rank().order("desc"))
    assert [one.rank + other.rank for one, other in zip(up, down, strict=True)] == (
        [599.0] * 600
    )


def test_one_that_is_left_holds_nothing_up(
    models: ModuleType, db: Any, items: Any
) -> None:
    stream = db.stream(items.by_rank())
    next(stream)
    db.insert(models.ItemNew(rank=5))
    del stream
    with db.transaction():
        db.insert(models.ItemNew(rank=5))
    assert len(db.run(items.by_rank(5))) == 3


def test_after_the_end_of_the_database(db: Any, items: Any) -> None:
    stream = db.stream(items.by_rank())
    next(stream)
    db.close()
    with pytest.raises(Closed):
        list(stream)


def test_a_wrong_query(db: Any, items: Any) -> None:
    with pytest.raises(InvalidQuery):
        next(db.stream(items.by_rank(1, 2, 3)))


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("SearchQuery", lambda items: items.search_text("x")),
        ("VectorQuery", lambda items: items.by_vector([1, 0])),
        ("Take", lambda items: items.full_scan().take(3)),
        ("Paginate", lambda items: items.full_scan().paginate(3)),
    ],
)
def test_what_has_no_order_to_go_on_in(
    models: ModuleType, db: Any, kind: str, read: Callable[[Any], Any]
) -> None:
    said = f"`stream` reads queries of indexes, and no {kind}: give it to `run`"
    with pytest.raises(TypeError, match=said):
        db.stream(read(models.items))
