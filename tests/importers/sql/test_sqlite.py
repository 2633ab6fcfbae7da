"""Files of SQLite: what becomes of their tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.sql.databases import from_sqlite

SHOP = """\
CREATE TABLE customers ( -- Who buys.
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,  -- where to write to
  name VARCHAR(80),
  -- one of two
  state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old')),
  age INT CHECK (age >= 0 AND age < 150), score REAL DEFAULT 1.5, -- of the last year
  active BOOLEAN NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
  data JSON DEFAULT '{"a": [1, null]}',
  raw BLOB DEFAULT X'00ff',
  loose,
  CONSTRAINT known CHECK (age > score)
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INT NOT NULL REFERENCES customers (id),
  made INTEGER NOT NULL DEFAULT (strftime('%s', 'now'))
);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders,
  product TEXT REFERENCES products (code),
  quantity INT NOT NULL DEFAULT 1 CHECK (quantity > 0),
  PRIMARY KEY (order_id, product)
) WITHOUT ROWID;
CREATE TABLE products (
  code TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40)
);
CREATE INDEX orders_by_customer ON orders (customer_id);
"""


def test_a_shop(tmp_path: Path) -> None:
    shop = from_sqlite(SHOP, tmp_path)
    assert shop.text == """\
tables:
  customers:
    description: Who buys.
    fields:
      email: str  # where to write to
      name?: Annotated[str, MaxLen(80)] | None
      state: Literal["new", "old"] = "new"  # one of two
      age?: Annotated[int, Ge(0), Lt(150)] | None
      score?: float | None = 1.5  # of the last year
      active: bool = True
      data?: 'Any = {"a": [1, None]}'
      raw?: bytes | None = b"\\x00\\xff"
      loose?: Any
    indexes:
      by_email: {fields: [email], unique: true}

  orders:
    fields:
      customer_id: Id[customers]
      made: int
    indexes:
      by_customer: [customer_id]

  order_items:
    fields:
      order_id: Id[orders]
      product: Id[products]
      quantity: Annotated[int, Gt(0)] = 1
    indexes:
      by_order_id_product: {fields: [order_id, product], unique: true}

  products:
    fields:
      code: str
      name: Annotated[str, MinLen(1), MaxLen(40)]
    indexes:
      by_code: {fields: [code], unique: true}
"""
    assert shop.said == [
        "W822 app.db: customers: CHECK (age > score) is left out",
        "W823 app.db: orders.made: DEFAULT strftime('%s', 'now') is left out: "
        "it is computed by the database",
    ]
    assert shop.notes == [
        "every document has an `_id`, which stands for customers.id, orders.id",
        "JSON in customers.data may have keys that `Any` refuses: "
        "those that begin with `$` or are not of ASCII",
    ]


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ("INTEGER", "int"),
        ("int unsigned", "int"),
        ("BIGINT(20)", "int"),
        ("TINYINT", "int"),
        ("UNSIGNED BIG INT", "int"),
        ("DOUBLE PRECISION", "float"),
        ("FLOAT", "float"),
        ("REAL", "float"),
        ("TEXT", "str"),
        ("NCHAR(2)", "Annotated[str, MaxLen(2)]"),
        ("CHARACTER VARYING(300)", "Annotated[str, MaxLen(300)]"),
        ("CLOB", "str"),
        ("BLOB", "bytes"),
        ("VARBINARY(16)", "bytes"),
        ("bool", "bool"),
        ("JSON", "Any"),
        ("JSONB", "Any"),
        ("", "Any"),
        ("ANY", "Any"),
    ],
)
def test_types_that_have_an_equal(tmp_path: Path, declared: str, field: str) -> None:
    one = from_sqlite(f"CREATE TABLE t (a {declared} NOT NULL)", tmp_path)
    assert (one.text, one.said) == (
        f"tables:\n  t:\n    fields:\n      a: {field}\n",
        [],
    )


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ("DECIMAL(10, 2)", "float"),
        ("NUMERIC", "float"),
        ("NUMERIC(30)", "float"),
        ("NUMERIC(9)", "int"),
        ("STRING", "Any"),
        ("POINT", "Any"),
        ("money", "float"),
        ("DATETIME", "str"),
        ("TIMESTAMP WITH TIME ZONE", "str"),
        ("DATE", "str"),
        ("TIME", "str"),
        ("UUID", "str"),
        ("INTERVAL", "Any"),
        ("geometry", "Any"),
    ],
)
def test_types_that_have_none(tmp_path: Path, declared: str, field: str) -> None:
    one = from_sqlite(f"CREATE TABLE t (a {declared} NOT NULL)", tmp_path)
    assert f"      a: {field}\n" in one.text
    (said,) = one.said
    assert said.startswith(f"W821 app.db: t.a: `{declared}` is ")


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("id INTEGER PRIMARY KEY", False),
        ("id TEXT PRIMARY KEY", False),
        ("ArtistId INTEGER NOT NULL PRIMARY KEY", False),
        ("artist_id BIGINT PRIMARY KEY", False),
        ("nr INTEGER PRIMARY KEY AUTOINCREMENT", False),
        ("uuid CHAR(32) PRIMARY KEY", False),
        ("year INTEGER PRIMARY KEY", True),
        ("CustomerID TEXT PRIMARY KEY NOT NULL", True),
        ("code CHAR(2) NOT NULL PRIMARY KEY", True),
        ("other_id INTEGER PRIMARY KEY REFERENCES others", True),
    ],
)
def test_primary_keys(tmp_path: Path, key: str, kept: bool) -> None:
    others = "CREATE TABLE others (id INTEGER PRIMARY KEY, b INT)"
    one = from_sqlite(
        f"CREATE TABLE t ({key}, a INT NOT NULL); {others}", tmp_path, "t"
    )
    column = key.split()[0]
    assert (f"      {column}: " in one.text) is kept
    assert (f"by_{column}: {{fields: [{column}], unique: true}}" in one.text) is kept
    assert one.notes == (
        [] if kept else [f"every document has an `_id`, which stands for t.{column}"]
    )


@pytest.mark.parametrize(
    ("check", "field"),
    [
        ("a >= 1.5", "a: Annotated[int, Ge(1.5)]"),
        ("0 < a", "a: Annotated[int, Gt(0)]"),
        ("a BETWEEN -5 AND +5", "a: Annotated[int, Ge(-5), Le(5)]"),
        ("(((a) > (1)) AND a < 10 AND a < 9)", "a: Annotated[int, Gt(1), Lt(9)]"),
        ("a IN (1, 2, 3) AND a > 1", "a: Literal[2, 3]"),
        ("a = 1 OR a = 2 OR a IN (3)", "a: Literal[1, 2, 3]"),
        ("a IS NULL OR a > 3", "a: Annotated[int, Gt(3)]"),
        ("a IS NOT NULL", "a: int"),
        ("a = 7", "a: Literal[7]"),
    ],
)
def test_conditions_that_a_field_can_say(
    tmp_path: Path, check: str, field: str
) -> None:
    one = from_sqlite(f"CREATE TABLE t (a INT NOT NULL CHECK ({check}))", tmp_path)
    assert (one.text, one.said) == (f"tables:\n  t:\n    fields:\n      {field}\n", [])


@pytest.mark.parametrize(
    "check",
    [
        "a > b",
        "a <> 3",
        "NOT a > 3",
        "a NOT IN (1)",
        "a IN (1, b)",
        "a IN ('x')",
        "abs(a) > 3",
        "a % 2 = 0",
        "a > 3 OR b > 3",
        "a > 3 OR a < 1",
        "(a IS NULL) <> (b IS NULL)",
        "typeof(a) = 'integer'",
        "length(trim(a)) > 0",
        "a LIKE '%,)('",
        "a = 1 AND a = 2",
        "a > 5 AND a < 3",
        "a > 1e400",
        "a IS NULL OR a IS NOT NULL",
    ],
)
def test_conditions_that_no_field_can_say(tmp_path: Path, check: str) -> None:
    ddl = f"CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, CHECK ({check}))"
    one = from_sqlite(ddl, tmp_path)
    assert "      b: int\n" in one.text
    assert one.has("W822", "is left out"), one.said


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ("TEXT DEFAULT 'it''s'", 'str | None = "it\'s"'),
        ("TEXT DEFAULT NULL", "str | None"),
        ('TEXT DEFAULT "old"', 'str | None = "old"'),
        ("TEXT NOT NULL DEFAULT ''", 'str = ""'),
        ("INT NOT NULL DEFAULT '12'", "int = 12"),
        ("INT NOT NULL DEFAULT (-3)", "int = -3"),
        ("INT NOT NULL DEFAULT 0x10", "int = 16"),
        ("REAL NOT NULL DEFAULT 1", "float = 1"),
        ("BOOLEAN NOT NULL DEFAULT FALSE", "bool = False"),
    ],
)
def test_defaults(tmp_path: Path, declared: str, field: str) -> None:
    one = from_sqlite(f"CREATE TABLE t (a {declared})", tmp_path)
    assert one.text.rstrip().endswith(f": {field}")
    assert one.said == []


@pytest.mark.parametrize(
    "declared",
    [
        "INT DEFAULT 'x'",
        "INT DEFAULT 99999999999999999999",
        "BOOLEAN DEFAULT 7",
        "TEXT DEFAULT CURRENT_TIMESTAMP",
        "TEXT DEFAULT (lower(hex(randomblob(16))))",
        "JSON DEFAULT 'x'",
        "TEXT DEFAULT 'no' CHECK (a IN ('yes'))",
        "VARCHAR(2) DEFAULT 'long'",
    ],
)
def test_defaults_that_are_left_out(tmp_path: Path, declared: str) -> None:
    one = from_sqlite(f"CREATE TABLE t (a {declared})", tmp_path)
    assert " = " not in one.text
    assert one.has("W823", "t.a: DEFAULT "), one.said


def test_parts_without_a_place_are_told(tmp_path: Path) -> None:
    one = from_sqlite(
        """\
CREATE TABLE a (
  id INTEGER PRIMARY KEY, x INT, y TEXT COLLATE NOCASE, z INT AS (x * 2) STORED,
  b INT REFERENCES b (code) ON DELETE CASCADE, c INT, d INT REFERENCES nowhere,
  FOREIGN KEY (x, c) REFERENCES b (code, id)
);
CREATE TABLE b (id INTEGER PRIMARY KEY, code INT UNIQUE, a INT REFERENCES a ON DELETE SET NULL);
CREATE INDEX falling ON a (x DESC);
CREATE UNIQUE INDEX partial ON a (c) WHERE x > 3;
CREATE INDEX computed ON a (lower(y));
CREATE INDEX of_z ON a (z);
CREATE INDEX again ON a (x);
CREATE INDEX any_case ON a (b COLLATE NOCASE);
CREATE INDEX "by id" ON a (d, id);
CREATE UNIQUE INDEX one ON a (c, d);
CREATE VIEW v AS SELECT * FROM a;
CREATE TRIGGER tr AFTER INSERT ON a BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE words USING fts5 (word);
""",
        tmp_path,
    )
    assert one.text == """\
tables:
  a:
    fields:
      x?: int | None
      y?: str | None
      b?: int | None
      c?: int | None
      d?: int | None
    indexes:
      falling: [x]
      partial: [c]
      any_case: [b]
      by_id_2: [d]
      one: {fields: [c, d], unique: true}

  b:
    fields:
      code?: int | None
      a?: Id[a] | None
    indexes:
      by_code: {fields: [code], unique: true}
"""
    assert one.said == [
        "W820 app.db: a: by id: written `by_id_2`",
        "W822 app.db: a.y: COLLATE NOCASE is left out: "
        "texts differ here if a character does",
        "W824 app.db: a.b: the reference to b is left out: code is not the primary key",
        "W824 app.db: a.d: the reference to nowhere is left out: "
        "the table is not among those that are read",
        "W824 app.db: a.x, c: the reference to b is left out: it has several columns",
        "W824 app.db: b.a: ON DELETE SET NULL is left out",
        "W825 app.db: a: again: it has the same columns as falling, and is written once",
        "W825 app.db: a: any_case: COLLATE NOCASE of b is left out",
        "W825 app.db: a: computed: left out: it is on an expression",
        "W825 app.db: a: falling: DESC of x is left out",
        "W825 app.db: a: of_z: left out: the column z is left out",
        "W825 app.db: a: one: unique, though many rows may have NULL as c, d",
        "W825 app.db: a: partial: unique and partial: WHERE x > 3 is left out",
        "W825 app.db: b: index of code: unique, though many rows may have NULL as code",
        "W826 app.db: a.z: generated column left out: x * 2",
        "W826 app.db: a: tr: trigger left out",
        "W826 app.db: v: view left out",
        "W826 app.db: words: virtual table left out",
    ]


def test_names_that_no_schema_can_have(tmp_path: Path) -> None:
    one = from_sqlite(
        """\
CREATE TABLE "Order Details" ("Unit Price" REAL, _id INT, "größe" INT, "1st" INT, unit_price INT);
CREATE TABLE "!!!" (a INT REFERENCES "Order Details" (_id));
""",
        tmp_path,
    )
    assert one.text == """\
tables:
  Order_Details:
    fields:
      Unit_Price?: float | None
      id?: int | None
      gr_e?: int | None
      n1st?: int | None
      unit_price?: int | None

  n:
    fields:
      a?: int | None
"""
    assert one.has("W820", "Order Details.größe: the column is written `gr_e`")
    assert one.has("W820", "!!!: the table is written `n`")


def test_chosen_tables(tmp_path: Path) -> None:
    one = from_sqlite(SHOP, tmp_path, "ORDERS", "products")
    assert [
        line for line in one.text.splitlines() if line[2:3].strip() and line[:2] == "  "
    ] == [
        "  orders:",
        "  products:",
    ]
    assert "customer_id: int\n" in one.text
    assert one.has("W824", "orders.customer_id: the reference to customers is left out")
    wrong = from_sqlite(SHOP, tmp_path, "order", "products")
    assert (wrong.text, wrong.said) == ("", ["E822 app.db: there is no table order"])
