"""The nearest vectors of a table: measured by sqlite-vec where it can be had, else by NumPy."""

from __future__ import annotations

import sqlite3
from importlib import import_module
from importlib.util import find_spec

from ..commands import Near, Nearest
from ..ranking import Ranking, part_size
from .side_tables import VectorTable


def nearest(
    connection: sqlite3.Connection, table: VectorTable, command: Nearest
) -> list[Near]:
    """The texts of the nearest documents, and how near they are."""
    rows = _by_extension if _measures(connection) else _by_numpy
    found = rows(connection, table, command)
    texts = [connection.execute(table.document, (row,)).fetchone() for row, _ in found]
    scores = [score for _, score in found]
    return [(text, score) for (text,), score in zip(texts, scores, strict=True)]


def _by_extension(
    connection: sqlite3.Connection, table: VectorTable, command: Nearest
) -> list[tuple[int, float]]:
    rows = connection.execute(*table.nearest(command))
    return [(row, max(-1.0, min(1.0, 1 - distance))) for row, distance in rows]


def _by_numpy(
    connection: sqlite3.Connection, table: VectorTable, command: Nearest
) -> list[tuple[int, float]]:
    ranking = Ranking[tuple[float, int]](command.vector, command.limit)
    cursor = connection.execute(*table.all_of(command))
    while rows := cursor.fetchmany(part_size(command.vector)):
        keys = [(created, row) for created, row, _ in rows]
        ranking.add(keys, [vector for *_, vector in rows])
    return [(row, score) for score, (_, row) in ranking.best()]


def _measures(connection: sqlite3.Connection) -> bool:
    """Whether SQLite has the functions of sqlite-vec now, which are loaded if they can be."""
    # Many builds of Python let nobody load extensions into their SQLite.
    if not hasattr(connection, "enable_load_extension") or not find_spec("sqlite_vec"):
        return False
    functions = "SELECT 1 FROM pragma_function_list WHERE name = 'vec_distance_cosine'"
    if connection.execute(functions).fetchone():
        return True
    connection.enable_load_extension(True)
    try:
        import_module("sqlite_vec").load(connection)
    finally:
        connection.enable_load_extension(False)
    return True
