"""Exports the documents of a database as they are at one moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import BinaryIO, Final, Protocol

from codegen.ir.model import Schema

from .archives import new_archive
from .faults import TransferError
from .files import FolderSink
from .forms import write_exported
from .loading import Progress
from .parts import part_of
from .sources import Source, chosen

_EACH: Final = 1000
Encode = Callable[[str], bytes]


class TextSource(Source, Protocol):
    """A database or a deployment."""

    @property
    def schema(self) -> Schema: ...

    def texts(self, table: str, /) -> Iterator[str]:
        """The documents of a table in the encoded form."""
        ...


class Sink(Protocol):
    """Where lines go, table by table."""

    def table(self, name: str, /) -> AbstractContextManager[BinaryIO]: ...


def export_folder(
    source: TextSource, path: str, tables: Collection[str], progress: Progress
) -> dict[str, int]:
    """Writes a folder with a file of JSON lines for each table, in the encoded form.

    The answer is how many documents each has. Raises a `TransferError` where the path is taken.
    """
    wanted = chosen(source, tables)
    with new_place(path) as part:
        os.mkdir(part)
        return _write(
            source,
            wanted,
            FolderSink(part, source.schema, wanted),
            str.encode,
            progress,
        )


def export_archive(
    source: TextSource, path: str, tables: Collection[str], progress: Progress
) -> dict[str, int]:
    """Writes a zip file as `npx convex export` does."""
    wanted = chosen(source, tables)
    with new_place(path) as part, open(part, "wb") as file:
        with new_archive(file, source.schema, wanted) as sink:
            counts = _write(source, wanted, sink, write_exported, progress)
        file.flush()
        os.fsync(file.fileno())
    return counts


def export_file(
    source: TextSource, path: str, table: str, progress: Progress
) -> dict[str, int]:
    """Writes the JSON lines of one table, in the encoded form, into a file."""
    with new_place(path) as part, open(part, "wb") as file:
        return export_lines(source, file, table, progress)


def export_lines(
    source: TextSource, file: BinaryIO, table: str, progress: Progress
) -> dict[str, int]:
    """Writes the same into an open file."""
    return {
        name: _write_lines(source, name, file, str.encode, progress)
        for name in chosen(source, (table,))
    }


def _write(
    source: TextSource,
    tables: Collection[str],
    sink: Sink,
    encode: Encode,
    progress: Progress,
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in tables:
        with sink.table(name) as file:
            counts[name] = _write_lines(source, name, file, encode, progress)
    return counts


def _write_lines(
    source: TextSource,
    table: str,
    file: BinaryIO,
    encode: Encode,
    progress: Progress,
) -> int:
    count = 0
    for text in source.texts(table):
        file.write(encode(text) + b"\n")
        count += 1
        if count % _EACH == 0:
            progress(table, count)
    progress(table, count)
    return count


@contextmanager
def new_place(path: str) -> Generator[str]:
    """A place beside a path, which becomes the path at the end, or goes."""
    if os.path.lexists(path):
        raise TransferError(f"{path} exists: choose another place, or remove it")
    require_folder(path)
    part = part_of(path)
    try:
        yield part
        os.rename(part, path)
    except OSError as error:
        error.filename = error.filename or path  # a write that fails does not say where
        raise
    finally:
        if os.path.isdir(part):
            shutil.rmtree(part)
        elif os.path.exists(part):
            os.remove(part)


def require_folder(path: str) -> None:
    """Raises a `TransferError` where the folder that a path lies in is not there."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise TransferError(f"the folder {folder} does not exist")
