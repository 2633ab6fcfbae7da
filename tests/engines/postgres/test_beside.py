"""Batches beside programs that write all the time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from types import ModuleType

import psycopg

from codegen.engines.postgres.dialect import PostgresDialect
from codegen.engines.postgres.target import Target

SCHEMA = "tables: {notes: {fields: {text: str}}}"


def test_programs_wait_for_no_batch_that_waits(
    models: ModuleType, postgres_url: str
) -> None:
    """A batch that is beaten keeps writers out, but not while it waits for a long transaction."""
    target = Target.of(postgres_url, 20_000, "full", pooled=False)
    over = threading.Event()
    turns: list[float] = []

    def batch() -> str:
        turns.append(time.monotonic())
        if over.is_set():
            return "done"
        raise psycopg.errors.SerializationFailure("others were first")

    with (
        ThreadPoolExecutor() as threads,
        models.server.connect(postgres_url) as db,
        target.open() as connection,
        db.transaction(),
    ):
        db.insert(models.NoteNew(text="stays open"))
        dialect = PostgresDialect(connection, target)
        beside = threads.submit(dialect.beside, batch, serial=True)
        waited = threads.submit(_longest_insert, models, postgres_url, 3.5).result(30)
        over.set()
        assert beside.result(30) == "done"
    pauses = [later - one for one, later in pairwise(turns)]
    assert max(pauses) >= 0.2  # it has tried to keep them out
    assert waited < 2


def _longest_insert(models: ModuleType, url: str, seconds: float) -> float:
    end, longest = time.monotonic() + seconds, 0.0
    with models.server.connect(url) as db:
        while (begun := time.monotonic()) < end:
            db.insert(models.NoteNew(text="new"))
            longest = max(longest, time.monotonic() - begun)
    return longest
