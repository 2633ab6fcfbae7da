"""CHECKs: what a field takes of them, and no row that the database has is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.sql.databases import from_postgres, from_sqlite


def _fields(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line[:6] == " " * 6]


@pytest.mark.parametrize(
    "check",
    [
        "a > 0 AND a < 5 OR a = 100",
        "kind = 'card' AND a > 0 OR kind = 'cash' AND a IS NULL",
        "a = 1 OR a > 5 AND a < 9",
        "CASE WHEN a > 0 AND kind = 'x' THEN a < 5 ELSE a > 7 END",
        "a > 3 AND CASE WHEN kind = 'x' AND a < 9 THEN 1 ELSE a < 5 END",
        "NOT a > 5",
        "(a > 5) = 0",
        "a > 5 IS NOT TRUE",
        "a IS NULL OR a > 1 OR a < -1",
        "a IS NULL AND kind = 'x' OR a > 1",
    ],
)
def test_a_check_that_no_field_can_say_is_left_out_whole(
    tmp_path: Path, check: str
) -> None:
    ddl = f"CREATE TABLE t (a INT, kind TEXT, CHECK ({check}))"
    one = from_sqlite(ddl, tmp_path)
    assert _fields(one.text) == ["a?: int | None", "kind?: str | None"]
    assert one.said == [f"W822 app.db: t: CHECK ({check}) is left out"]


@pytest.mark.parametrize(
    ("check", "field"),
    [
        ("a IS NULL OR a > 0 AND a < 5", "a?: Annotated[int, Gt(0), Lt(5)] | None"),
        ("(a > 0) AND (a < 5 AND a <> 0 OR a = 3)", "a?: Annotated[int, Gt(0)] | None"),
        ("a = 1 OR a IN (2, 3) OR a IS NULL", "a?: Literal[1, 2, 3] | None"),
        ("a < 9007199254740993", "a?: Annotated[int, Lt(9007199254740993)] | None"),
        ("a >= -9223372036854775808", "a?: Annotated[int, Ge(-9223372036854775808)]"),
        ("a > 1.5", "a?: Annotated[int, Gt(1.5)] | None"),
        ("a < 99999999999999999999", "a?: int | None"),
    ],
)
def test_what_is_understood_is_kept(tmp_path: Path, check: str, field: str) -> None:
    one = from_sqlite(f"CREATE TABLE t (a BIGINT CHECK ({check}))", tmp_path)
    assert _fields(one.text)[0].startswith(field), one.text


def test_postgresql_writes_conditions_without_brackets(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE TABLE t (
  a int CHECK ((a > 0 AND a < 5) OR a = 100),
  b int CHECK (b BETWEEN SYMMETRIC 10 AND 1),
  c bigint CHECK (c < 9007199254740993),
  d numeric(18,0) CHECK (d <= 999999999999999999),
  kind text, n int,
  CHECK ((kind = 'card' AND n > 0) OR (kind = 'cash' AND n IS NULL)),
  CHECK (CASE WHEN kind = 'x' AND n > 3 THEN n < 9 ELSE true END)
)""",
        postgres,
    )
    assert _fields(one.text) == [
        "a?: int | None",
        "b?: int | None",
        "c?: Annotated[int, Lt(9007199254740993)] | None",
        "d?: Annotated[int, Le(999999999999999999)] | None",
        "kind?: str | None",
        "n?: int | None",
    ]
    assert len(one.said) == 4 and all(said.startswith("W822") for said in one.said)


def test_casts_that_change_nothing_are_read_through(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN small AS smallint CHECK (VALUE > 0);
CREATE DOMAIN smaller AS small CHECK (VALUE < 10);
CREATE TABLE t (
  a smaller NOT NULL,
  b small CHECK (b < 7),
  c int CHECK (c::text < '5'),
  d numeric CHECK (d::int < 10),
  e text CHECK (e::varchar(2) = 'ab'),
  f mood CHECK (f::text = 'sad'),
  g text[] DEFAULT '{a,"b, \\"c\\""}'::text[],
  h int[] DEFAULT '{1,2}',
  i int[] DEFAULT '{{1},{2}}',
  j int[] DEFAULT '{1,NULL}'
)""",
        postgres,
    )
    assert "  Smaller: Annotated[Small, Lt(10)]\n" in one.text
    assert _fields(one.text) == [
        "a: Smaller",
        "b?: Annotated[Small, Lt(7)] | None",
        "c?: int | None",
        "d?: float | None",
        "e?: str | None",
        "f?: Mood | None",
        'g?: list[str] | None = ["a", "b, \\"c\\""]',
        "h?: list[int] | None = [1, 2]",
        "i?: list[int] | None",
        "j?: list[int] | None",
    ]
    for said in ("c::text", "d::integer", "e::character varying(2)", "f::text"):
        assert one.has("W822", f"CHECK ({said}"), one.said
    assert one.has("W823", "t.i: DEFAULT '{{1},{2}}'::integer[] is left out: it is an")
    assert one.has("W823", "t.j: DEFAULT '{1,NULL}'::integer[] is left out: it holds")
