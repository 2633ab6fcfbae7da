"""What PostgreSQL gives back in another way than it was declared: no row may be refused."""

from __future__ import annotations

import psycopg

from tests.importers.sql.databases import from_postgres, from_url
from tests.postgres import new_database


def test_an_enum_without_values(postgres: str) -> None:
    one = from_postgres(
        "CREATE TYPE e AS ENUM (); CREATE TABLE t (a e, b e[])", postgres
    )
    assert "  E: Never\n" in one.text
    assert one.has("W821", ": e: an enum without values is written as `Never`")


def test_texts_that_come_padded(postgres: str) -> None:
    ddl = """\
CREATE DOMAIN code AS char(3) CHECK (VALUE IN ('a', 'bc'));
CREATE TABLE t (
  a char(4) NOT NULL DEFAULT 'x' CHECK (a IN ('x', 'yy')),
  b char(4) CHECK (char_length(b) <= 2),
  c code DEFAULT 'a',
  d text CHECK (octet_length(d) <= 5),
  e bytea CHECK (octet_length(e) <= 5)
);
INSERT INTO t VALUES (DEFAULT, 'ab', DEFAULT, 'grö', '\\x00')"""
    with new_database(postgres, ddl) as url:
        one = from_url(url)
        with psycopg.connect(url) as connection:
            (row,) = connection.execute("SELECT a, b, c FROM t").fetchall()
    assert row == ("x   ", "ab  ", "a  ")
    assert 'a: Literal["x   ", "yy  "] = "x   "\n' in one.text
    assert "b?: Annotated[str, MaxLen(4)] | None\n" in one.text
    assert '  Code: Literal["a  ", "bc "]\n' in one.text
    assert 'c?: Code | None = "a  "\n' in one.text
    assert "d?: str | None\n" in one.text
    assert "e?: Annotated[bytes, MaxLen(5)] | None\n" in one.text
    assert one.has("W822", "t.b: CHECK (char_length(b) <= 2) is left out")
    assert one.has("W822", "t: CHECK (octet_length(d) <= 5) is left out")


def test_conditions_that_older_rows_may_break(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE TABLE t (a int, b int, c int);
INSERT INTO t VALUES (-1, 0, NULL);
ALTER TABLE t ADD CHECK (a > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT known NOT NULL c NOT VALID;
CREATE DOMAIN d AS int;
CREATE TABLE u (a d);
INSERT INTO u VALUES (-1);
ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID""",
        postgres,
    )
    assert "a?: int | None\n" in one.text and "  D: int\n" in one.text
    assert "c?: int | None\n" in one.text
    for place in ("t: CHECK (a > 0)", "d: CHECK (VALUE > 0)"):
        said = f": {place} is left out: it does not hold for every row"
        assert one.has("W822", said), one.said


def test_numbers_that_the_database_counts_up(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE SEQUENCE numbers;
CREATE TABLE t (
  code text PRIMARY KEY, a serial, b int GENERATED ALWAYS AS IDENTITY,
  c bigint NOT NULL DEFAULT nextval('numbers')
)""",
        postgres,
    )
    assert [said.partition(": ")[2] for said in one.said] == [
        f"t.{name}: the database counts it up; here every new document has to say it"
        for name in "abc"
    ]
