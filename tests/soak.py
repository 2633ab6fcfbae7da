"""`python -m tests.soak [NAMES…]`: at length, what the tests do shortly; all, or what is named.

Exits with 1 when anything was found. Files are in TMPDIR; the PostgreSQL server is that of the
tests, each time a new one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engines.packages import package
from tests.engines.postgres.restarts import restartable_server
from tests.engines.postgres.stops import SCHEMA, stop_under_load
from tests.engines.programs.places import everywhere_package
from tests.engines.programs.searching import SearchingPrograms
from tests.engines.safety.increments import count_up
from tests.engines.safety.kills import kill_writers
from tests.engines.safety.places import File, Place, Schema
from tests.postgres import new_schema, postgres_server

_KINDS: Final = ("SQLite", "PostgreSQL")

R = TypeVar("R")


def increments(folder: Path, sizes: argparse.Namespace) -> None:
    """Processes that count up one number: none is refused, none counts for nothing."""
    for kind in _KINDS:
        made = folder / kind
        made.mkdir()
        run = partial(
            count_up, folder=made, processes=sizes.processes, times=sizes.times
        )
        counted = _at_place(kind, made, run)
        _say(f"{kind}: {sizes.processes} processes counted to {counted.found:,.0f}")
        _say(
            f"{kind}: the longest that one of them waited was {counted.longest_ms:,.0f} ms"
        )
        if counted.found != counted.expected:
            raise AssertionError(f"{counted.expected:,} was expected")


def kills(folder: Path, sizes: argparse.Namespace) -> None:
    """Writers that are killed: what they knew to be stored is, and nothing is half."""
    for kind in _KINDS:
        made = folder / kind
        made.mkdir()
        run = partial(kill_writers, folder=made, kills=sizes.kills)
        killed = _at_place(kind, made, run)
        _say(
            f"{kind}: {sizes.kills} writers were killed, {killed.told:,} documents told of"
        )
        _say(f"{kind}: {killed.stored:,} documents stored, all sound")


def stops(folder: Path, sizes: argparse.Namespace) -> None:
    """A PostgreSQL server that is stopped under load: a typed error or success, nothing twice."""
    models = package(folder, SCHEMA, "stops")
    with restartable_server() as server:
        seen = stop_under_load(models, server, server.url, sizes.stops)
    _say(f"PostgreSQL: stopped {sizes.stops} times: {seen.done:,} writes were done")
    _say(
        f"PostgreSQL: {seen.failed:,} writes failed, {seen.unknown:,} without an answer"
    )


def programs(folder: Path, sizes: argparse.Namespace) -> None:
    """Random programs on every kind of database: all have the same answers."""
    chosen = settings(
        max_examples=sizes.programs,
        stateful_step_count=50,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    made = everywhere_package(folder)
    with postgres_server() as server:
        run_state_machine_as_test(
            partial(SearchingPrograms, made, server), settings=chosen
        )
    _say(
        f"{sizes.programs:,} programs of up to 50 steps had the same answers everywhere"
    )


_SOAKS: Final[dict[str, Callable[[Path, argparse.Namespace], None]]] = {
    "increments": increments,
    "kills": kills,
    "stops": stops,
    "programs": programs,
}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("names", nargs="*", metavar="NAMES", help=", ".join(_SOAKS))
    for name, size in (
        ("processes", 8),
        ("times", 10_000),
        ("kills", 200),
        ("stops", 50),
        ("programs", 200),
    ):
        parser.add_argument(f"--{name}", type=int, default=size)
    given = parser.parse_args(argv)
    if unknown := sorted({*given.names} - {*_SOAKS}):
        parser.error(f"unknown: {', '.join(unknown)}; one of {', '.join(_SOAKS)}")
    found = 0
    for name in given.names or _SOAKS:
        _say(f"{name}…")
        begun = perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            try:
                _SOAKS[name](Path(folder), given)
            except Exception:
                traceback.print_exc()
                found += 1
        _say(f"{name}: {perf_counter() - begun:,.0f} s")
    return 1 if found else 0


def _at_place(kind: str, folder: Path, run: Callable[[Place], R]) -> R:
    """What a function gives for an empty database."""
    if kind == "SQLite":
        return run(File(folder / "soak.db"))
    with postgres_server() as server:
        return run(Schema(new_schema(server)))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
