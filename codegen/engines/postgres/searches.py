"""Searches on one connection, inside a transaction: each has settings of its own meanwhile."""

from __future__ import annotations

from typing import Any, Final

from ..commands import Near, Nearest, Search
from ..ranking import Ranking, part_size
from .links import Link
from .side_tables import Beside, SearchTable, VectorTable

# A GIN index can't be read in another way.
_BITMAPS: Final = b"SET LOCAL enable_bitmapscan = on"
_NO_BITMAPS: Final = b"SET LOCAL enable_bitmapscan = off"
_ON_AND_ON: Final = b"SET LOCAL hnsw.iterative_scan = strict_order"
# The fewest that pgvector's index looks at.
_LEAST_LOOKED_AT: Final = 40


async def search(
    link: Link, table: Beside, command: Search, before: bytes = b""
) -> list[Any]:
    """The rows of a search, or of what a word before the statement makes of it."""
    assert isinstance(table, SearchTable)
    sql, values = table.search(command)
    await link.write(_BITMAPS, ())
    rows = await link.rows(before + sql, values)
    await link.write(_NO_BITMAPS, ())
    return rows


async def nearest(link: Link, table: Beside, command: Nearest) -> list[Near]:
    """The texts of the nearest documents, and how near they are."""
    assert isinstance(table, VectorTable)
    if not table.schema:
        return await _ranked(link, table, command)
    looked_at = max(command.limit, _LEAST_LOOKED_AT)
    await link.write(f"SET LOCAL hnsw.ef_search = {looked_at}".encode(), ())
    await link.write(_ON_AND_ON, ())
    rows: list[Near] = []
    for exactly in (False, True):
        sql, values = table.nearest(command, exactly=exactly)
        rows = await link.rows(sql, values)
        # The index gives up where the filters keep few.
        if len(rows) == command.limit:
            break
    return rows


async def explain_nearest(
    link: Link, table: Beside, command: Nearest, before: bytes
) -> list[Any]:
    """What a word before the statement that looks for the nearest makes of it."""
    assert isinstance(table, VectorTable)
    if table.schema:
        sql, values = table.nearest(command, exactly=False)
    else:
        sql, values = table.part(command, "", part_size(command.vector))
    return await link.rows(before + sql, values)


async def _ranked(link: Link, table: VectorTable, command: Nearest) -> list[Near]:
    ranking = Ranking[tuple[float, str]](command.vector, command.limit)
    size, after = part_size(command.vector), ""
    while True:
        sql, values = table.part(command, after, size)
        rows = await link.rows(sql, values)
        ranking.add([(row[1], row[0]) for row in rows], [row[2] for row in rows])
        if len(rows) < size:
            break
        after = rows[-1][0]
    best = ranking.best()
    documents = await link.rows(*table.documents([id for _, (_, id) in best]))
    texts = dict(documents)
    return [(texts[id], score) for score, (_, id) in best]
