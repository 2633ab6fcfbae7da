"""Backups: a file of SQLite as a copy of it, a database of a server as a zip file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Final, cast

from codegen.engines.access import applied_schema
from codegen.engines.bare import open_bare
from codegen.engines.clock import now_ms
from codegen.engines.sql.catalog import Catalog
from codegen.engines.sql.documents import count
from codegen.engines.sqlite.faults import typed
from codegen.engines.url import sqlite_path, sqlite_url
from codegen.runtime.errors import Conflict, CorruptDatabase

from .exporting import new_place, require_folder
from .faults import TransferError
from .importing import refuse_documents
from .parts import part_of

_WAIT_S: Final = 0.05
_MAGIC: Final = b"SQLite format 3\x00"
# SQLite leaves them where it fails, as on a full disk.
_BESIDE: Final = ("-journal", "-wal", "-shm")


def is_sqlite(path: str) -> bool:
    """Whether a file is one of SQLite."""
    with open(path, "rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def back_up_file(catalog: Catalog, path: str) -> None:
    """Copies a database of SQLite as it is at one moment, while others write.

    Its connection is in a transaction. The copy is looked through before it gets its name. Raises
    a `TransferError` where the path, or what SQLite would take for its log, is there.
    """
    for beside in (path + end for end in _BESIDE):
        if os.path.lexists(beside):
            raise TransferError(
                f"{beside} exists, which would be taken for a part of the backup: choose"
                " another place, or remove it"
            )
    with new_place(path) as part:
        try:
            _copy(cast(sqlite3.Connection, catalog.connection), part)
            _check(part)
        finally:
            _remove(part, _BESIDE)


def check_copy(path: str) -> None:
    """Raises a `TransferError` for a copy of a database of SQLite that is damaged."""
    with _sound_copy(path):
        _check(path)


def restore_file(
    backup: str, url: str, timeout_ms: float, *, replace: bool
) -> dict[str, int]:
    """Makes a file of SQLite from a copy of one; the answer is how many documents tables have.

    A file that is there already is changed in one transaction, and programs that have it open
    notice. Raises a `TransferError` where it has documents, unless they are to be replaced.
    """
    path = _path(url)
    require_folder(path)
    part = part_of(path)
    try:
        with (
            _sound_copy(backup),
            _opened(f"{Path(backup).absolute().as_uri()}?mode=ro") as source,
        ):
            _copy(source, part)
            _check(part)
        with _sound(f"{path} is damaged: move it away, then restore the backup again"):
            record = _record_before(path, timeout_ms, replace=replace)
        counts = _seal(part, timeout_ms, record)
        if record is None:
            _take_name(part, path)
        else:
            with _opened(Path(part).absolute().as_uri()) as source:
                _overwrite(source, path, timeout_ms)
        return counts
    finally:
        _remove(part, ("", *_BESIDE))


def _record_before(path: str, timeout_ms: float, *, replace: bool) -> int | None:
    """The number of the latest record of a file; None where there is nothing in it."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return None
    with open_bare(sqlite_url(path), timeout_ms) as database:
        catalog = database.catalog
        if catalog.is_empty():
            return 0
        if not replace:
            refuse_documents(catalog)
        latest = catalog.latest_record()
        return latest[0] if latest else 0


@contextmanager
def _sound(otherwise: str) -> Generator[None]:
    """Says which of two files it is that is damaged."""
    try:
        yield
    except CorruptDatabase as error:
        raise TransferError(otherwise) from error


def _sound_copy(path: str) -> AbstractContextManager[None]:
    return _sound(f"{path}: this backup is damaged, and nothing was restored")


def _take_name(part: str, path: str) -> None:
    """Gives a file its name, under which there is none.

    What is beside it is of a file that is gone, and SQLite would write its log into this one.
    """
    _remove(path, _BESIDE)
    os.replace(part, path)


def _seal(path: str, timeout_ms: float, record: int | None) -> dict[str, int]:
    """Notes in a copy that comes after a record that it does; the answer is what it has."""
    with open_bare(sqlite_url(path), timeout_ms) as database:
        catalog = database.catalog
        recorded = applied_schema(catalog)
        if record is not None:
            with catalog.dialect.alone():
                catalog.record_schema(
                    recorded.digest, recorded.schema, now_ms(), after=record
                )
        layouts = sorted(catalog.layouts().items())
        return {name: count(catalog, layout) for name, layout in layouts}


def _remove(path: str, ends: Iterable[str]) -> None:
    for end in ends:
        with suppress(FileNotFoundError):
            os.remove(path + end)


def _path(url: str) -> str:
    try:
        path = sqlite_path(url)
    except ValueError as error:
        raise TransferError(str(error)) from None
    if path is None:
        raise TransferError(
            "a database in memory is gone with its program: name a file"
        )
    return path


def _copy(source: sqlite3.Connection, path: str) -> None:
    with _opened(Path(path).absolute().as_uri()) as target:
        source.backup(target)
        # A copy is one file, which can be read where nothing can be written.
        target.execute("PRAGMA journal_mode=DELETE")
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _overwrite(source: sqlite3.Connection, path: str, timeout_ms: float) -> None:
    """Puts the pages of a database in the place of those of another, all or none."""
    end = monotonic() + timeout_ms / 1000

    def wait(status: int, _rest: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > end:
            raise Conflict("others kept the database busy for too long")

    with _opened(Path(path).absolute().as_uri()) as target:
        source.backup(target, pages=-1, progress=wait, sleep=_WAIT_S)


def _check(path: str) -> None:
    """Raises a `CorruptDatabase` for a file that SQLite finds damaged."""
    with _opened(f"{Path(path).absolute().as_uri()}?mode=ro") as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise CorruptDatabase(f"the copy is damaged: {found}")


@contextmanager
def _opened(uri: str) -> Generator[sqlite3.Connection]:
    try:
        with closing(
            sqlite3.connect(uri, timeout=0, isolation_level=None, uri=True)
        ) as connection:
            yield connection
    except sqlite3.Error as error:
        raise typed(error) from error
