"""What a schema or a dialect has no place for is said."""

from __future__ import annotations

from pathlib import Path

from tests.cases.cases import codegen
from tests.importers.sql.databases import from_postgres, from_sqlite


def test_parts_of_postgresql(postgres: str) -> None:
    one = from_postgres(
        """\
CREATE TABLE a (id int PRIMARY KEY, x int, y int UNIQUE DEFERRABLE);
CREATE TABLE b (z int, ref int REFERENCES a DEFERRABLE INITIALLY DEFERRED) INHERITS (a);
CREATE TABLE c (at int NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM (0) TO (9);
CREATE INDEX wide ON a (x) INCLUDE (y);
CREATE RULE silent AS ON DELETE TO a DO INSTEAD NOTHING;
CREATE VIEW v AS SELECT * FROM a;
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (x > 0);
""",
        postgres,
    )
    assert [s.partition(": ")[2] for s in one.said if s.startswith("W826")] == [
        "a: a_y_key: DEFERRABLE left out",
        "a: p: policy of row security left out",
        "a: row security left out",
        "a: silent: rule left out",
        "a: wide: INCLUDE left out",
        "b: a: INHERITS left out",
        "b: b_ref_fkey: DEFERRABLE left out",
        "c: RANGE (at): partitioning left out",
        "v: view left out",
    ]


def test_clauses_of_sqlite(tmp_path: Path) -> None:
    one = from_sqlite(
        """\
CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  a INT NOT NULL ON CONFLICT IGNORE,
  b INT NOT NULL ON CONFLICT ABORT,
  c INT REFERENCES t DEFERRABLE INITIALLY DEFERRED,
  d INT REFERENCES t NOT DEFERRABLE,
  UNIQUE (a, b) ON CONFLICT REPLACE
)""",
        tmp_path,
    )
    assert one.said == [
        "W826 app.db: t: UNIQUE (a, b) ON CONFLICT REPLACE: ON CONFLICT REPLACE left out",
        "W826 app.db: t: a: ON CONFLICT IGNORE left out",
        "W826 app.db: t: c: DEFERRABLE left out",
    ]


def test_comments_of_sqlite(tmp_path: Path) -> None:
    one = from_sqlite(
        """\
CREATE TABLE a (x INT NOT NULL, -- the first column
  y INT NOT NULL /* the second */,
  /* the third,
   * in two lines */
  z INT NOT NULL
  -- the end
);
CREATE TABLE b ( /* Who buys. */
  x INT NOT NULL
);
CREATE TABLE c -- Who sells.
(
  x INT NOT NULL
);
CREATE TABLE d (x INT NOT NULL);
""",
        tmp_path,
    )
    assert one.text == """\
tables:
  a:
    fields:
      x: int  # the first column
      y: int  # the second
      z:
        $type: int
        $description: |
          the third,
          in two lines

  b:
    description: Who buys.
    fields:
      x: int

  c:
    description: Who sells.
    fields:
      x: int

  d:
    fields:
      x: int
"""
    assert one.said == ['W826 app.db: a: "the end": comment left out']


def test_keys_of_sqlite_that_may_be_null(tmp_path: Path) -> None:
    one = from_sqlite(
        """\
CREATE TABLE a (code TEXT PRIMARY KEY, x INT);
CREATE TABLE b (code TEXT PRIMARY KEY, x INT) WITHOUT ROWID;
CREATE TABLE c (year INTEGER PRIMARY KEY, x INT);
CREATE TABLE d (year INT PRIMARY KEY, x INT);
INSERT INTO a VALUES (NULL, 1), (NULL, 2);
INSERT INTO d VALUES (NULL, 1);
""",
        tmp_path,
    )
    keys = [line.strip() for line in one.text.splitlines() if "code" in line]
    assert keys[0] == "code?: str | None" and keys[2] == "code: str"
    years = [line.strip() for line in one.text.splitlines() if "year" in line]
    assert years[0] == "year: int" and years[2] == "year?: int | None"


SCHEMA = """\
tables:
  files:
    fields:
      gone?: Never
      file: Id[_storage]
      name?: str | None
    indexes:
      by_name: {fields: [name], unique: true}
"""


def test_an_export_says_all_that_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(SCHEMA)
    argv = ["export", "--to", "sql", "--schema", "app.yaml"]
    code, text, said = codegen(argv, tmp_path)
    assert code == 0
    assert text == """\
-- Not kept: `gone` is always absent, and has no column
-- Not kept: `name` may be absent and may be null: both are NULL
-- Not kept: many rows may have NULL as `name`, in spite of `by_name`
-- Not kept: `file` refers to _storage, which is no table here
CREATE TABLE files (
  id TEXT NOT NULL PRIMARY KEY,
  creation_time REAL NOT NULL,
  file TEXT NOT NULL,
  name TEXT
);
CREATE UNIQUE INDEX files_by_name ON files (name);
"""
    assert said.count("warning[W432]") == 3 and said.count("warning[W430]") == 1
