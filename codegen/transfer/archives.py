"""The zip files of `npx convex export` and `npx convex import`, and ours, which are alike.

Each table is a folder with `documents.jsonl`, in Convex's form of exports, which
`generated_schema.jsonl` tells apart from older ones; `_tables/documents.jsonl` has the numbers
of the tables (`crates/exports/src/lib.rs`, `zip_uploader.rs`). Ours have the schema besides.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from codegen.ir.canonical import dumps, loads
from codegen.ir.model import Schema

from .faults import TransferError
from .forms import Parse, read_encoded, read_exported
from .sources import (
    SCHEMA_FILE,
    Documents,
    lines_of,
    number_of,
    record_of,
    recorded_numbers,
)

_DOCUMENTS: Final = re.compile(r"(.*/)?([^/]+)/documents\.jsonl")
_TABLES: Final = "_tables"
_COMPONENTS: Final = "_components/"
_UNIFORM: Final = b'"uniform"'
_BROKEN: Final = (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error)


@contextmanager
def open_archive(path: str) -> Generator[ArchiveSource]:
    """Opens a zip file; a `TransferError` where it is none, or damaged, now or when it is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield ArchiveSource(path, archive)
    except _BROKEN as error:
        raise TransferError(f"{path} is no zip file, or damaged: {error}") from None


class ArchiveSource:
    """A zip file of documents."""

    def __init__(self, path: str, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._names = set(archive.namelist())
        self._entries: dict[str, str] = {}
        self.notes: list[str] = []
        recorded: dict[str, int] = {}
        for name in archive.namelist():
            found = _DOCUMENTS.fullmatch(name)
            if not found:
                continue
            table = found[2]
            if _COMPONENTS in name:
                self.notes.append(f"{name} is left out: it is of a component")
            elif table == _TABLES:
                recorded = recorded_numbers(
                    self._lines(name), read_encoded, self._shown(name)
                )
            elif table.startswith("_"):
                self.notes.append(f"{name} is left out: it is a table of the system")
            elif table in self._entries:
                raise TransferError(f"{path} has table `{table}` twice")
            else:
                self._entries[table] = name
        if not self._entries:
            raise TransferError(f"{path} has no documents of tables")
        self.numbers = {
            table: recorded.get(table) or number_of(*self.documents(table)[1:])
            for table in self._entries
        }

    @property
    def schema(self) -> Schema | None:
        if SCHEMA_FILE not in self._names:
            return None
        try:
            return loads(self._archive.read(SCHEMA_FILE).decode())
        except ValueError as error:
            raise TransferError(f"{self._shown(SCHEMA_FILE)}: {error}") from None

    def documents(self, table: str) -> Documents:
        name = self._entries[table]
        return Documents(self._shown(name), self._lines(name), self._form(name))

    def _form(self, name: str) -> Parse:
        """How lines are read; without a word on it they are in the encoded form."""
        told = name.removesuffix("documents.jsonl") + "generated_schema.jsonl"
        if told not in self._names:
            return read_encoded
        if next(self._lines(told), b"").strip() != _UNIFORM:
            raise TransferError(
                f"{self._shown(told)}: an export of an older Convex, whose numbers and bytes"
                " can't be told apart: export it again"
            )
        return read_exported

    def _lines(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as file:
            yield from lines_of(cast(BinaryIO, file), self._shown(name))

    def _shown(self, name: str) -> str:
        return f"{self._path}/{name}"


@contextmanager
def new_archive(
    file: BinaryIO, schema: Schema, numbers: Mapping[str, int]
) -> Generator[ArchiveSink]:
    """Writes a zip file that `npx convex import` reads; it is whole after the `with`."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        yield ArchiveSink(archive, schema, numbers)


class ArchiveSink:
    """A zip file that is being written."""

    def __init__(
        self, archive: zipfile.ZipFile, schema: Schema, numbers: Mapping[str, int]
    ) -> None:
        self._archive = archive
        self._archive.writestr(SCHEMA_FILE, dumps(schema))
        with self._archive.open(f"{_TABLES}/documents.jsonl", "w") as entry:
            entry.write(b"".join(record_of(*table) for table in numbers.items()))

    @contextmanager
    def table(self, name: str) -> Generator[BinaryIO]:
        entry = f"{name}/documents.jsonl"
        with self._archive.open(entry, "w", force_zip64=True) as file:
            yield cast(BinaryIO, file)
        self._archive.writestr(f"{name}/generated_schema.jsonl", _UNIFORM + b"\n")
