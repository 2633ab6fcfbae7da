"""What the commands have in common that move documents: options, and what they say."""

from __future__ import annotations

import gc
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeAlias

from codegen.diagnostics import Diagnostic, Diagnostics

from .console import Console, Exit, counted
from .progress import Progress

if TYPE_CHECKING:
    from codegen.convex.named import Admitted
    from codegen.engines.bare import BareDatabase
    from codegen.ir.model import Schema
    from codegen.transfer.deployment_source import DeploymentSource
    from codegen.transfer.exporting import TextSource
    from codegen.transfer.faults import Faults
    from codegen.transfer.journal import Done

Counts: TypeAlias = "Mapping[str, int] | Mapping[str, Done]"
"""How many documents of each table were moved, or what else was done of it."""


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
    from codegen.convex.errors import Refused, UnexpectedAnswer, Unreachable
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
    except (Refused, UnexpectedAnswer, Unreachable) as error:
        _report(console, "E601", str(error), "`codegen doctor` looks for what is wrong")
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
        from codegen.convex.address import is_named
        from codegen.engines.bare import open_bare
        from codegen.transfer.faults import TransferError

        if is_named(url):
            raise TransferError(
                f"{url} is a deployment, and this command is for databases",
                "`codegen copy` goes into deployments, and `npx convex import` takes the .zip files"
                " of export-data",
            )
        with ExitStack() as stack:
            with _told_of():
                opening = open_bare(url, self.timeout_ms, changes=changes)
                database = stack.enter_context(opening)
            yield database

    @contextmanager
    def opened_at_one_moment(self, url: str) -> Generator[BareDatabase]:
        """A database that is only read, as it is now."""
        with self.opened(url) as database, database.catalog.dialect.snapshot():
            yield database

    @contextmanager
    def source(self, url: str) -> Generator[TextSource]:
        """The documents of a database or a deployment, as they are now."""
        from codegen.convex.address import is_named
        from codegen.engines.url import shown
        from codegen.transfer.databases import DatabaseSource

        if is_named(url):
            with self.admitted(url) as deployment:
                source = self._deployment_source(deployment)
                self.note(source.notes)
                yield source
                if source.moments > 1:
                    self.note(
                        [f"{deployment.origin} was read at {source.moments} moments"]
                    )
        else:
            with self.opened_at_one_moment(url) as database:
                found = DatabaseSource(shown(url), database)
                self.note(found.notes)
                yield found

    def shown(self, url: str) -> str:
        """A database or a deployment as people are told of it."""
        from codegen.convex.address import is_named
        from codegen.engines.url import shown

        with _told_of():
            if not is_named(url):
                return shown(url)
            from codegen.convex.named import named

            return named(url).origin

    @contextmanager
    def admitted(self, url: str) -> Generator[Admitted]:
        """A deployment for its administrator, for the time of a `with`."""
        from codegen.convex.http import check_installed

        check_installed()
        from codegen.convex.named import admitted

        with ExitStack() as stack:
            with _told_of():
                deployment = stack.enter_context(admitted(url, self.timeout_ms))
            yield deployment

    def schema_of(self, deployment: Admitted) -> Schema | None:
        """The schema that was pushed to a deployment, or None."""
        from codegen.convex.administration import Administrator
        from codegen.project.deployed import deployed_tables

        text = Administrator(*deployment).schema()
        with _told_of(f"the schema of {deployment.origin}: "):
            return None if text is None else deployed_tables(text)

    def _deployment_source(self, deployment: Admitted) -> DeploymentSource:
        from codegen.transfer.deployment_source import DeploymentSource
        from codegen.transfer.faults import TransferError

        schema = self.schema_of(deployment)
        if schema is None:
            raise TransferError(
                f"no schema was pushed to {deployment.origin}: nobody knows what its documents are",
                "push one that they fit",
            )
        return DeploymentSource(deployment, schema)

    def progress(self, table: str, count: int) -> None:
        self._progress.say(table, count)

    def note(self, notes: Sequence[str]) -> None:
        for note in notes:
            self._console.note(f"note: {note}")


@contextmanager
def _told_of(before: str = "") -> Generator[None]:
    """What is wrong with what was given, as people are told."""
    from codegen.transfer.faults import TransferError

    try:
        yield
    except ValueError as error:
        raise TransferError(f"{before}{error}") from None


def _say_counts(console: Console, counts: Counts) -> None:
    for table, count in counts.items():
        if console.format == "json":
            line = {"documents": count} if isinstance(count, int) else count.counts()
            console.out(json.dumps({"table": table, **line}, ensure_ascii=False))
        elif isinstance(count, int):
            console.out(f"{table}: {counted(count, 'document')}")
        else:
            console.out(f"{table}: {_told(count)}")


def _told(done: Done) -> str:
    """What became of documents that have new ids."""
    parts = [f"{counted(done.documents, 'document')} with new ids"]
    if done.references:
        parts.append(f"{counted(done.references, 'reference')} rewritten")
    if done.dangling:
        parts.append(
            f"{counted(done.dangling, 'reference')} to no document of the copy"
        )
    if done.texts:
        parts.append(f"{counted(done.texts, 'text')} like ids left as they are")
    return ", ".join(parts)


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
