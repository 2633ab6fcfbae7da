"""Databases of a real PostgreSQL server: what becomes of their tables."""

from __future__ import annotations

import psycopg
import pytest

from tests.importers.sql.databases import from_postgres, from_url
from tests.postgres import new_database

SHOP = """\
CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy');
COMMENT ON TYPE mood IS 'How it goes.';
CREATE DOMAIN positive AS integer CHECK (VALUE > 0) NOT NULL;
CREATE DOMAIN email AS varchar(100) CHECK (VALUE ~ '@' AND char_length(VALUE) >= 3);
CREATE TABLE customers (
  id bigserial PRIMARY KEY,
  email email NOT NULL UNIQUE,
  name varchar(80),
  mood mood NOT NULL DEFAULT 'ok',
  moods mood[] NOT NULL DEFAULT '{}',
  tags text[] DEFAULT ARRAY['a', 'b'],
  grid int[][],
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old')),
  age smallint CHECK (age BETWEEN 0 AND 150),
  score double precision DEFAULT '-1.5',
  small int DEFAULT -5 CHECK (small > -10),
  digits numeric(12) CHECK (digits >= 0),
  active bool NOT NULL DEFAULT true,
  raw bytea DEFAULT '\\x00ff',
  data jsonb DEFAULT '{"a": 1}',
  amount positive
);
COMMENT ON TABLE customers IS 'Who buys.';
COMMENT ON COLUMN customers.email IS 'where to write to';
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id bigint NOT NULL REFERENCES customers,
  note text CHECK (note <> '')
);
CREATE TABLE items (
  order_id uuid REFERENCES orders, no int, product varchar(5), PRIMARY KEY (order_id, no)
);
CREATE INDEX ON orders (customer_id, id);
CREATE INDEX orders_by_note ON orders USING hash (note);
CREATE TABLE events (at bigint NOT NULL, kind mood) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (9);
"""


def test_a_shop(postgres: str) -> None:
    shop = from_postgres(SHOP, postgres)
    assert shop.text == """\
types:
  Mood: Literal["sad", "ok", "very happy"]  # How it goes.
  Email: Annotated[str, MaxLen(100), MinLen(3)]
  Positive: Annotated[int, Gt(0)]

tables:
  customers:
    description: Who buys.
    fields:
      email: Email  # where to write to
      name?: Annotated[str, MaxLen(80)] | None
      mood: Mood = "ok"
      moods: list[Mood] = []
      tags?: list[str] | None = ["a", "b"]
      grid?: list[list[int]] | None
      state: Literal["new", "old"] = "new"
      age?: Annotated[int, Ge(0), Le(150)] | None
      score?: float | None = -1.5
      small?: Annotated[int, Gt(-10)] | None = -5
      digits?: Annotated[int, Ge(0)] | None
      active: bool = True
      raw?: bytes | None = b"\\x00\\xff"
      data?: 'Any = {"a": 1}'
      amount: Positive
    indexes:
      by_email: {fields: [email], unique: true}

  events:
    fields:
      at: int
      kind?: Mood | None

  items:
    fields:
      order_id: Id[orders]
      no: int
      product?: Annotated[str, MaxLen(5)] | None
    indexes:
      by_order_id_no: {fields: [order_id, no], unique: true}

  orders:
    fields:
      customer_id: Id[customers]
      note?: Annotated[str, MinLen(1)] | None
    indexes:
      by_note: [note]
      by_customer_id: [customer_id]
"""
    assert [one.partition(": ")[2] for one in shop.said] == [
        "email: CHECK (VALUE::text ~ '@'::text) is left out",
        "events: RANGE (at): partitioning left out",
    ]
    assert shop.notes == [
        "every document has an `_id`, which stands for customers.id, orders.id",
        "JSON in customers.data may have keys that `Any` refuses: "
        "those that begin with `$` or are not of ASCII",
    ]


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("numeric(10,2)", "float"),
        ("money", "float"),
        ("timestamptz", "float"),
        ("timestamp", "float"),
        ("date[]", "list[str]"),
        ("time", "str"),
        ("interval", "str"),
        ("uuid", "str"),
        ("inet", "str"),
        ("xml", "str"),
        ("bit(3)", "str"),
        ("point", "Any"),
        ("int4range", "Any"),
        ("tsvector", "Any"),
        ("pair", "Any"),
    ],
)
def test_types_that_have_no_equal(postgres: str, type_: str, field: str) -> None:
    ddl = f"CREATE TYPE pair AS (a int, b int); CREATE TABLE t (a {type_} NOT NULL)"
    one = from_postgres(ddl, postgres)
    assert one.text == f"tables:\n  t:\n    fields:\n      a: {field}\n"
    (said,) = one.said
    assert said.startswith("W821 ") and "t.a: `" in said


def test_parts_without_a_place_are_told(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE SCHEMA other;
CREATE TABLE other.t (id int PRIMARY KEY);
CREATE TABLE a (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  x int, y text COLLATE "C", z int GENERATED ALWAYS AS (x * 2) STORED,
  made timestamptz NOT NULL DEFAULT now(),
  t int REFERENCES other.t,
  b int REFERENCES a ON DELETE CASCADE ON UPDATE SET NULL,
  CHECK (x > b),
  EXCLUDE USING btree (x WITH =)
);
CREATE INDEX falling ON a (x DESC);
CREATE UNIQUE INDEX partial ON a (b) WHERE x > 3;
CREATE INDEX computed ON a (lower(y));
CREATE INDEX words ON a USING gin (to_tsvector('english', y));
CREATE UNIQUE INDEX once ON a (x, b) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX many ON a (x, t);
CREATE VIEW v AS SELECT 1;
CREATE POLICY own ON a USING (x > 0);
CREATE MATERIALIZED VIEW m AS SELECT 1;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
""",
        postgres,
    )
    assert "      by" not in one.text
    assert one.text.endswith("""\
    indexes:
      falling: [x]
      many: {fields: [x, t], unique: true}
      once: {fields: [x, b], unique: true}
      partial: [b]
""")
    assert [f"{said[:4]} {said.partition(': ')[2]}" for said in one.said] == [
        "W821 a.made: `timestamp with time zone` is written as `float`: "
        "milliseconds since 1970, in UTC",
        "W822 a.y: COLLATE C is left out: texts differ here if a character does",
        "W822 a: CHECK (x > b) is left out",
        "W823 a.made: DEFAULT now() is left out: it is computed by the database",
        "W824 a.b: ON DELETE CASCADE ON UPDATE SET NULL is left out",
        "W824 a.t: the reference to other.t is left out: "
        "the table is not among those that are read",
        "W825 a: computed: left out: it is on an expression",
        "W825 a: falling: DESC of x is left out",
        "W825 a: many: unique, though many rows may have NULL as x, t",
        "W825 a: partial: unique and partial: WHERE x > 3 is left out",
        "W825 a: words: left out: an index by gin has no equal",
        "W826 a.z: generated column left out: (x * 2)",
        "W826 a: a_x_excl: exclusion constraint left out",
        "W826 a: own: policy of row security left out",
        "W826 a: tr: trigger left out",
        "W826 m: materialized view left out",
        "W826 v: view left out",
    ]


def test_a_schema_and_tables_are_chosen(postgres: str) -> None:
    ddl = """\
CREATE SCHEMA shop; CREATE TABLE t (a int NOT NULL);
CREATE TYPE shop.mood AS ENUM ('x'); CREATE TYPE mood AS ENUM ('y');
CREATE TABLE shop.t (b text NOT NULL, m mood, n shop.mood); CREATE TABLE shop.u (c int);
"""
    with new_database(postgres, ddl) as url:
        assert from_url(url).text.endswith("  t:\n    fields:\n      a: int\n")
        assert from_url(url, "t", schema="shop").text == """\
types:
  PublicMood: Literal["y"]
  Mood: Literal["x"]

tables:
  t:
    fields:
      b: str
      m?: PublicMood | None
      n?: Mood | None
"""
        said = from_url(url, "u").said + from_url(url, schema="shopp").said
        searching = from_url(f"{url}&options=-csearch_path%3Dshop", "u")
    assert [one.split(": ", 1)[1] for one in said] == [
        "there is no table u",
        "there is no schema shopp",
    ]
    assert searching.text == "tables:\n  u:\n    fields:\n      c?: int | None\n"


def test_nothing_is_written_and_nobody_is_kept_waiting(postgres: str) -> None:
    """It reads what others change at the same time, and can't change anything itself."""
    with new_database(postgres, "CREATE TABLE t (a int NOT NULL)") as url:
        with psycopg.connect(url) as other:
            other.execute("ALTER TABLE t ADD b int")
            # DDL holds an exclusive lock on the table until it commits.
            assert from_url(url).text.endswith("      a: int\n")
        assert from_url(url).text.endswith("      b?: int | None\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda url: "postgresql://me:s3cret-word@127.0.0.1:1/app",
        lambda url: "postgresql://me:s3cret-word@nowhere.invalid/app",
        lambda url: url.replace("postgres@", "nobody:s3cret-word@"),
        lambda url: url.replace("/db", "/no_db") + "&password=s3cret-word",
        lambda url: "postgresql://me:s3cret-word x@[bad/app",
        lambda url: "postgresql://me:s3cret-word@localhost/app?wrong=1",
        lambda url: "postgresql://me:s3cret-word@localhost/app?connect_timeout=x",
        lambda url: "postgresql://me:s3cret-word%ZZ@localhost/app",
        lambda url: "postgresql://me:s3cret-word@127.0.0.1:99999999/app",
        lambda url: "postgresql://\0:s3cret-word@127.0.0.1/app",
    ],
)
def test_databases_that_are_not_there(postgres: str, change: object) -> None:
    assert callable(change)
    with new_database(postgres) as url:
        one = from_url(change(url))
    (said,) = one.said
    assert said.startswith("E821 ")
    assert "s3cret" not in said


def test_a_server_that_never_answers() -> None:
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        start = time.monotonic()
        one = from_url(f"postgresql://me@127.0.0.1:{port}/app?connect_timeout=2")
        assert time.monotonic() - start < 20
    assert one.said[0].startswith("E821 the database can't be read: ")


def test_an_empty_database(postgres: str) -> None:
    (said,) = from_postgres("", postgres).said
    assert said.startswith("E822 ") and said.endswith(": there is no table in it")
    (said,) = from_postgres("DROP SCHEMA public", postgres).said
    assert said.endswith(": there is no schema in the search path")
