"""Whatever CHECKs say: a row that the database takes fits the schema that it becomes."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from codegen.ir.fitting import misfit
from codegen.ir.types import Object
from codegen.ir.values import encode
from tests.importers.sql.databases import from_file, from_url, sqlite_file
from tests.language.reading_support import schema_of
from tests.postgres import new_database

TABLES = 120
NUMBERS = (None, -7, -1, 0, 1, 2, 3, 5, 8, 100)
TEXTS = (None, "", "a", "b", "ab", "größe", "abcdef")
ROWS = [(n, t) for n in NUMBERS for t in TEXTS]
BOUNDS = ("<", "<=", ">", ">=", "=", "<>")


def _condition(chance: random.Random, depth: int) -> str:
    if depth == 0:
        n, m = chance.choice(NUMBERS[1:]), chance.choice(NUMBERS[1:])
        listed = ", ".join(repr(t) for t in chance.sample(TEXTS[1:], 3))
        return chance.choice(
            [
                f"n {chance.choice(BOUNDS)} {n}",
                f"{n} {chance.choice(BOUNDS)} n",
                f"n BETWEEN {n} AND {m}",
                f"n IN ({n}, {m})",
                f"n IS {chance.choice(('', 'NOT '))}NULL",
                f"t IS {chance.choice(('', 'NOT '))}NULL",
                f"t IN ({listed})",
                f"t = {chance.choice(TEXTS[1:])!r}",
                "t <> ''",
                f"length(t) {chance.choice(BOUNDS)} {chance.randint(0, 4)}",
                f"octet_length(t) <= {chance.randint(0, 4)}",
                f"CASE WHEN n > {n} AND t <> '' THEN n < {m} ELSE t = 'a' END",
            ]
        )
    inner = [_condition(chance, chance.randrange(depth)) for _ in range(2)]
    shape = chance.choice(
        ["{} AND {}", "{} OR {}", "({}) AND ({})", "({}) OR ({})", "NOT ({})"]
    )
    return shape.format(*inner)


def _conditions(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [_condition(chance, chance.randint(0, 3)) for _ in range(TABLES)]


def _ddl(conditions: Sequence[str]) -> str:
    return ";\n".join(
        f"CREATE TABLE t{i} (n INT, t TEXT, CHECK ({condition}))"
        for i, condition in enumerate(conditions)
    )


def _all_fit(text: str, taken: dict[int, list[tuple[int | None, str | None]]]) -> None:
    schema = schema_of(text)
    for i, rows in taken.items():
        document = schema.tables[f"t{i}"].document
        assert isinstance(document, Object)
        for row in rows:
            for field, value in zip(document.fields, row, strict=True):
                assert not misfit(encode(value), field.type, schema), (i, row)


def _is_narrow(text: str) -> bool:
    """Whether conditions were read at all."""
    return text.count("Annotated") > 10 and text.count("Literal") > 5


@pytest.mark.parametrize("seed", range(3))
def test_in_sqlite(tmp_path: Path, seed: int) -> None:
    # Before 3.43 it has no octet_length.
    conditions = [one.replace("octet_length", "length") for one in _conditions(seed)]
    path = sqlite_file(tmp_path / "app.db", _ddl(conditions))
    text = from_file(path).text
    taken: dict[int, list[tuple[int | None, str | None]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for i in range(TABLES):
            insert = f"INSERT OR IGNORE INTO t{i} VALUES (?, ?)"
            connection.executemany(insert, ROWS)
            taken[i] = connection.execute(f"SELECT n, t FROM t{i}").fetchall()
    assert _is_narrow(text)
    _all_fit(text, taken)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_in_postgresql(postgres: str, seed: int) -> None:
    conditions = _conditions(seed)
    with new_database(postgres, _ddl(conditions)) as url:
        text = from_url(url).text
        taken: dict[int, list[tuple[int | None, str | None]]] = {}
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE rows (n int, t text)")
            connection.cursor().executemany("INSERT INTO rows VALUES (%s, %s)", ROWS)
            for i, condition in enumerate(conditions):
                query = f"SELECT n, t FROM rows WHERE ({condition}) IS NOT FALSE"
                taken[i] = connection.execute(query.encode()).fetchall()
    assert _is_narrow(text)
    _all_fit(text, taken)
