"""What the commands have in common that move documents: options, and what they say."""

from __future__ import annotations

import gc
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic, Diagnostics

from .console import Console, Exit, counted
from .progress import Progress

if TYPE_CHECKING:
    from codegen.engines.bare import BareDatabase
    from codegen.transfer.faults import Faults

Counts = Mapping[str, int]
"""How many documents of each table were moved."""


def add_tables(parser: ArgumentParser, help: str) -> None:
    parser.add_argument(
        "--table", action="append", default=[], metavar="NAME", help=help
    )


def add_mode(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mode",
        choices=("require-empty", "append", "replace", "replace-all"),
        default="require-empty",
        help="what becomes of documents that are there: refuse to import (the default), "
        "keep them, replace those of the tables that are imported, or of all tables",
    )


def add_format(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how results and faults are printed: for people, or as JSON lines",
    )


def move(given: Namespace, work: Callable[[Mover], Counts]) -> Exit:
    """Does the work of a command, and says what was moved or what is wrong."""
    from codegen.runtime.errors import DatabaseError
    from codegen.transfer.faults import DoNotFit, TransferError

    gc.enable()  # it may run for long
    console = Console(given.format)
    try:
        with Progress() as progress:
            counts = work(Mover(console, progress, given.timeout_ms))
    except DoNotFit as error:
        _say_faults(console, error.faults)
        _report(console, "E603", str(error))
        return Exit.DRIFT
    except TransferError as error:
        _report(console, "E602", str(error), error.hint)
    except DatabaseError as error:
        _report(console, "E601", str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is None:
            raise
        _report(console, "E550", f"{error.filename}: {error.strerror}")
    else:
        _say_counts(console, counts)
        return Exit.CLEAN
    return Exit.ERROR


class Mover:
    """Opens databases for a command, and says how far it is."""

    def __init__(self, console: Console, progress: Progress, timeout_ms: float) -> None:
        self._console = console
        self._progress = progress
        self.timeout_ms = timeout_ms

    @contextmanager
    def opened(self, url: str, *, changes: bool = False) -> Generator[BareDatabase]:
        """A database for the time of a `with`; it may be missing if it is to be changed."""
        from codegen.engines.bare import open_bare
        from codegen.transfer.faults import TransferError

        with ExitStack() as stack:
            try:
                opening = open_bare(url, self.timeout_ms, changes=changes)
                database = stack.enter_context(opening)
            except ValueError as error:
                raise TransferError(str(error)) from None
            yield database

    @contextmanager
    def opened_at_one_moment(self, url: str) -> Generator[BareDatabase]:
        """A database that is only read, as it is now."""
        with self.opened(url) as database, database.catalog.dialect.snapshot():
            yield database

    def progress(self, table: str, count: int) -> None:
        self._progress.say(table, count)

    def note(self, notes: Sequence[str]) -> None:
        for note in notes:
            self._console.note(f"note: {note}")


def _say_counts(console: Console, counts: Counts) -> None:
    for table, count in counts.items():
        if console.format == "json":
            line = {"table": table, "documents": count}
            console.out(json.dumps(line, ensure_ascii=False))
        else:
            console.out(f"{table}: {counted(count, 'document')}")


def _say_faults(console: Console, faults: Faults) -> None:
    for place, reason in faults.named:
        if console.format == "json":
            line = {"place": place, "fault": reason}
            console.out(json.dumps(line, ensure_ascii=False))
        else:
            console.out(f"{place}: {reason}")
    if faults.count > len(faults.named):
        console.result(f"… and {faults.count - len(faults.named):,} more")


def _report(console: Console, code: str, message: str, hint: str = "") -> None:
    diagnostics = Diagnostics()
    diagnostics.add(Diagnostic(code, message, hint=hint))
    console.report_aside(diagnostics)
