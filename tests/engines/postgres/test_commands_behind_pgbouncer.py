"""Commands that are given a database behind a PgBouncer: they find that out by themselves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.cases.cases import codegen
from tests.engines.postgres.bouncers import needs_pgbouncer, pgbouncer
from tests.postgres import new_database
from tests.transfer.contents import check_sound, contents, done

pytestmark = needs_pgbouncer

SCHEMA = """
tables:
  notes:
    fields: {text: str, n: float, more?: str}
"""
INDEXES = """\
    indexes: {by_n: [n]}
    searchIndexes: {words: {field: text}}
"""
COUNT = 1500
UPGRADE = """
from codegen.migrations import upgrade


@upgrade("notes")
def notes(document: dict) -> dict:
    return document | {"more": document["text"]}
"""


@pytest.fixture(scope="module", params=["", "options"], ids=["refusing", "ignoring"])
def bouncer(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with pgbouncer(server, ignored=request.param) as url:
        yield url


@pytest.fixture
def direct(server: str) -> Iterator[str]:
    """An empty database of the server itself."""
    with new_database(server) as url:
        yield url


@pytest.fixture
def url(direct: str, bouncer: str, tmp_path: Path) -> str:
    """The same behind the PgBouncer, with documents."""
    url = urlsplit(bouncer)._replace(path=urlsplit(direct).path).geturl()
    schema = tmp_path / "schema.yaml"
    schema.write_text(SCHEMA)
    lines = (f'{{"text": "note {n}", "n": {n}}}\n' for n in range(COUNT))
    (tmp_path / "notes.jsonl").write_text("".join(lines))
    done(["apply", "--db", url, "--schema", "schema.yaml"], tmp_path)
    done(["import-data", "--db", url, "notes.jsonl"], tmp_path)
    schema.write_text(SCHEMA + INDEXES)
    return url


def test_a_schema_is_applied(url: str, direct: str, tmp_path: Path) -> None:
    """Its indexes are filled in batches, which are transactions."""
    of_it = ["--db", url, "--schema", "schema.yaml"]
    code, out, _ = codegen(["diff", *of_it], tmp_path)
    assert code == 1 and "by_n" in out
    assert "index by_n built over 1,500" in done(["apply", *of_it], tmp_path)
    done(["verify", *of_it], tmp_path)
    assert "sound" in done(["doctor", "--db", url], tmp_path)
    check_sound(direct)


def test_documents_are_changed(url: str, direct: str, tmp_path: Path) -> None:
    (tmp_path / "more.py").write_text(UPGRADE)
    out = done(["migrate", "more.py", "--db", url, "--batch", "100"], tmp_path)
    assert "1,500" in out
    texts = contents(direct)["notes"]["by_creation_time"]
    assert len(texts) == COUNT and all('"more":"note ' in text for text in texts)


def test_documents_are_moved(url: str, direct: str, tmp_path: Path) -> None:
    file = f"sqlite:///{tmp_path}/copy.db"
    done(["copy", url, file], tmp_path)
    assert contents(file) == contents(direct)
    done(["export-data", "--db", url, "data.zip"], tmp_path)
    done(["import-data", "--db", url, "data.zip", "--mode", "replace"], tmp_path)
    done(["backup", "--db", url, "backup.zip"], tmp_path)
    done(["restore", "--db", url, "backup.zip", "--replace"], tmp_path)
    assert contents(direct) == contents(file)


def test_others_are_waited_for_no_longer(url: str, direct: str, tmp_path: Path) -> None:
    """What is set for a transaction holds there, and is gone after it."""
    argv = ["apply", "--db", url, "--schema", "schema.yaml", "--timeout-ms", "200"]
    with psycopg.connect(direct) as other:
        other.execute("LOCK TABLE notes")
        code, _, errors = codegen(argv, tmp_path)
    assert code == 2 and "too long" in errors
    with psycopg.connect(url, autocommit=True) as next_one:
        assert next_one.execute("SHOW lock_timeout").fetchone() == ("0",)


def test_what_is_exported_is_of_one_moment(
    url: str, direct: str, tmp_path: Path
) -> None:
    """Another program goes on to write the number of its turn into all documents."""
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with psycopg.connect(direct, autocommit=True) as other:
            for turn in count():
                other.execute(
                    "UPDATE notes SET _document ="
                    " jsonb_set(_document::jsonb, '{n}', to_jsonb(%s::int))::json",
                    (turn,),
                )
                begun.set()
                if ended.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for folder in ("first", "second", "third"):
            done(["export-data", "--db", url, folder], tmp_path)
            lines = (tmp_path / folder / "notes.jsonl").read_text().splitlines()
            assert len(lines) == COUNT
            assert len({json.loads(line)["n"] for line in lines}) == 1
    finally:
        ended.set()
        writer.join(30)
