"""A copy into a deployment: first into a file beside, all of one moment, and from there.

What was fetched and what has arrived is kept in a folder until all is done. So a copy that was
interrupted goes on, with the same documents, whatever has become of those of the source.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from glob import escape, glob
from hashlib import sha256
from typing import Final, NamedTuple

from codegen.engines.bare import open_bare
from codegen.engines.url import sqlite_url
from codegen.ir.model import Schema, Table
from codegen.ir.types import ANY

from .delivering import Delivery
from .deployment_target import DeploymentTarget
from .exporting import new_place
from .faults import TransferError
from .forms import read_encoded
from .importing import import_documents
from .journal import Done, Journal, open_journal
from .loading import Progress
from .sources import Documents, Source, chosen

_JOURNAL: Final = "progress.db"
_FETCHED: Final = "documents.db"


class Wanted(NamedTuple):
    """What is to be copied: from where to where, and which tables; all if none is named."""

    source: str
    target: str
    tables: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as one text."""
        return json.dumps(self)

    @property
    def usual_folder(self) -> str:
        """Where progress is kept if nobody says where: the same for the same copy."""
        return f"tablewright-copy-{sha256(self.text.encode()).hexdigest()[:8]}"


@contextmanager
def copying(
    wanted: Wanted,
    folder: str,
    progress: Progress,
    note: Callable[[Sequence[str]], None],
) -> Generator[Copying]:
    """A copy whose progress is in a folder, which goes at the end, and stays after a failure.

    `note` is told then. Raises a `TransferError` where the folder is of another copy, or something else.
    """
    path = os.path.join(folder, _JOURNAL)
    is_new = not os.path.lexists(folder) or os.listdir(folder) == []
    if not is_new and not os.path.exists(path):
        raise TransferError(f"{folder} exists, and is no copy that was begun")
    os.makedirs(folder, exist_ok=True)
    with ExitStack() as stack:
        journal = stack.enter_context(open_journal(path))
        if journal.wanted() not in (None, wanted.text):
            raise TransferError(
                f"{folder} is of another copy", "choose another --state"
            )
        try:
            yield Copying(wanted, folder, journal, progress)
        except BaseException:
            if journal.is_fetched():
                note([f"what was done is kept in {folder}: the same command goes on"])
            else:
                stack.close()
                _remove(folder)
            raise
    _remove(folder)


class Copying:
    """A copy whose progress is in a folder."""

    def __init__(
        self, wanted: Wanted, folder: str, journal: Journal, progress: Progress
    ) -> None:
        self._wanted = wanted
        self._path = os.path.join(folder, _FETCHED)
        self._journal = journal
        self._progress = progress

    def run(
        self,
        target: DeploymentTarget,
        schema: Schema | None,
        open_source: Callable[[], AbstractContextManager[Source]],
        timeout_ms: float,
    ) -> dict[str, Done]:
        """Copies what is not copied yet; the answer is what was done of each table.

        `schema` is that of the deployment, by which documents have to fit; without one it is the
        source's. The source is opened only if it was not read yet.

        Raises:
            TransferError: There are documents in the deployment, or what is to be copied can't.
            DoNotFit: Documents don't fit the deployment; nothing was copied.
            DatabaseError: What the databases and the deployment raise.
        """
        if not self._journal.is_fetched():
            with open_source() as source:
                self._fetch(target, schema, source, timeout_ms)
        with (
            open_bare(sqlite_url(self._path), timeout_ms) as fetched,
            fetched.catalog.dialect.snapshot(),
        ):
            delivery = Delivery(fetched, target, self._journal, self._progress)
            return delivery.deliver(self._journal.tables())

    def write_ids(self, path: str) -> None:
        """Writes which id each document had, and which it got, as JSON lines."""
        with new_place(path) as part, open(part, "w", encoding="utf-8") as file:
            for table, old, new in self._journal.all_ids():
                line = {"table": table, "old": old, "new": new}
                file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _fetch(
        self,
        target: DeploymentTarget,
        schema: Schema | None,
        source: Source,
        timeout_ms: float,
    ) -> None:
        known = _known(schema, source.schema)
        if known is None:
            hint = f"push the schema that they have to {target.origin}"
            raise TransferError("nobody knows what the documents are", hint)
        tables = chosen(source, self._wanted.tables)
        _check(tables, known, target)
        portion = _Portion(source, tables, known)
        for left in glob(f"{escape(self._path)}*"):
            os.remove(left)  # it may be half, or by another schema
        with open_bare(sqlite_url(self._path), timeout_ms, changes=True) as database:
            import_documents(
                database, portion, schema=portion.schema, progress=self._progress
            )
        self._journal.begin(self._wanted.text, [*tables])


class _Portion:
    """Some tables of a source; of the others there are the numbers, for ids that lead there."""

    notes: Sequence[str] = ()

    def __init__(self, source: Source, tables: Collection[str], schema: Schema) -> None:
        numbers = source.numbers
        self.schema = replace(
            schema,
            tables={name: _plain(table) for name, table in schema.tables.items()},
            functions={},
        )
        self.numbers = {name: numbers.get(name, 0) for name in schema.tables}
        self._source = source
        self._tables = tables

    def documents(self, table: str) -> Documents:
        if table in self._tables:
            return self._source.documents(table)
        return Documents(table, (), read_encoded)


def _known(schema: Schema | None, source: Schema | None) -> Schema | None:
    """What documents have to be: what a deployment says, and of tables that it lets be, the source.

    A reference that a deployment takes for anything is one, too.
    """
    if schema is None or source is None:
        return schema or source
    tables = {
        name: source.tables.get(name, table) if table.document == ANY else table
        for name, table in schema.tables.items()
    }
    return replace(schema, tables=tables, types={**source.types, **schema.types})


def _plain(table: Table) -> Table:
    """A table without indexes, which nobody asks."""
    return replace(table, indexes=(), search_indexes=(), vector_indexes=())


def _check(tables: Collection[str], schema: Schema, target: DeploymentTarget) -> None:
    """Raises a `TransferError` where tables can't go into a deployment."""
    for table in tables:
        if table not in schema.tables:
            raise TransferError(
                f"table `{table}` is not in the schema of {target.origin}",
                "push a schema that has it, or name the tables to copy with --table",
            )
        if not target.is_empty(table):
            raise TransferError(
                f"table `{table}` of {target.origin} has documents",
                "a copy into a deployment needs empty tables",
            )


def _remove(folder: str) -> None:
    """Removes the folder; by another name first, for half of it would say something else."""
    gone = f"{folder}.{os.getpid()}.done"
    os.rename(folder, gone)
    shutil.rmtree(gone)
