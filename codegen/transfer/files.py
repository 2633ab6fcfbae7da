"""Documents in files of JSON lines: a folder with a file for each table, or one file."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import BinaryIO, Final

from codegen.ir.canonical import dumps, loads
from codegen.ir.model import Schema

from .arrays import items_of
from .faults import TransferError
from .forms import read_encoded
from .sources import (
    LONGEST_LINE,
    SCHEMA_FILE,
    Documents,
    lines_of,
    number_of,
    record_of,
    recorded_numbers,
)

TABLES_FILE: Final = "_tables.jsonl"
_LINES: Final = (".jsonl", ".ndjson")
_ARRAY: Final = ".json"


class FileSource:
    """Files of one table each, by the names of the tables."""

    def __init__(
        self,
        paths: Mapping[str, str],
        numbers: Mapping[str, int],
        schema: Schema | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self._paths = paths
        self.schema = schema
        self.notes = notes
        self.numbers = {
            name: numbers.get(name) or number_of(_lines(path), read_encoded)
            for name, path in paths.items()
        }

    def documents(self, table: str) -> Documents:
        path = self._paths[table]
        return Documents(_shown(path), _lines(path), read_encoded)


class StreamSource:
    """One table from a stream, which is read once."""

    schema: Schema | None = None
    notes: tuple[str, ...] = ()

    def __init__(self, stream: BinaryIO, table: str) -> None:
        self._lines = lines_of(stream, "standard input")
        self._first = list(islice(self._lines, 1))
        self.numbers = {table: number_of(self._first, read_encoded)}

    def documents(self, table: str) -> Documents:
        return Documents(
            "standard input", chain(self._first, self._lines), read_encoded
        )


def folder_source(folder: str) -> FileSource:
    """A folder with a file for each table, `users.jsonl` or `users.json`."""
    paths: dict[str, str] = {}
    notes: list[str] = []
    numbers: dict[str, int] = {}
    schema: Schema | None = None
    for file in sorted(os.listdir(folder)):
        path = os.path.join(folder, file)
        name, ending = os.path.splitext(file)
        if file == TABLES_FILE:
            numbers = recorded_numbers(_lines(path), read_encoded, _shown(path))
        elif file == SCHEMA_FILE:
            schema = _schema(path)
        elif ending not in (*_LINES, _ARRAY) or not os.path.isfile(path):
            notes.append(f"{_shown(path)} is left out: it is no .jsonl or .json file")
        elif name in paths:
            raise TransferError(f"there are two files for table `{name}` in {folder}")
        else:
            paths[name] = path
    if not paths:
        raise TransferError(f"there is no .jsonl file in {folder}")
    return FileSource(paths, numbers, schema, notes)


def file_source(path: str, table: str = "") -> FileSource:
    """One file for one table, whose name is the file's unless another is given."""
    name, ending = os.path.splitext(os.path.basename(path))
    if ending not in (*_LINES, _ARRAY):
        raise TransferError(
            f"{path} is no folder, and no .jsonl, .json or .zip file of documents"
        )
    return FileSource({table or name: path}, {})


def _schema(path: str) -> Schema:
    with open(path, "rb") as file:
        try:
            return loads(file.read().decode())
        except ValueError as error:
            raise TransferError(f"{_shown(path)}: {error}") from None


def _lines(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        if path.endswith(_ARRAY):
            yield from _items(file, path)
        else:
            yield from lines_of(file, _shown(path))


def _items(file: BinaryIO, path: str) -> Iterator[bytes]:
    """The items of a JSON array, which is small enough to be read at once."""
    found = file.read(LONGEST_LINE + 1)
    if len(found) > LONGEST_LINE:
        reason = "it is larger than 16 MiB, which .jsonl files may be"
        raise TransferError(f"{_shown(path)}: {reason}")
    number = 1
    try:
        text = found.decode(json.detect_encoding(found))
        for item in items_of(text):
            yield item.encode()
            number += 1
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TransferError(f"{_shown(path)}: it is not JSON: {error}") from None
    except ValueError as error:
        raise TransferError(f"{_shown(path)}: {error}") from None
    except RecursionError:
        raise TransferError(
            f"{_shown(path)}:{number}: it is nested too deeply"
        ) from None


def _shown(path: str) -> str:
    return os.path.relpath(path).replace(os.sep, "/")


class FolderSink:
    """Writes a folder with a file for each table."""

    def __init__(self, folder: str, schema: Schema, numbers: Mapping[str, int]) -> None:
        self._folder = folder
        with open(os.path.join(folder, SCHEMA_FILE), "w", encoding="utf-8") as file:
            file.write(dumps(schema))
        with open(os.path.join(folder, TABLES_FILE), "wb") as lines:
            lines.writelines(record_of(*entry) for entry in numbers.items())

    @contextmanager
    def table(self, name: str) -> Generator[BinaryIO]:
        with open(os.path.join(self._folder, f"{name}.jsonl"), "wb") as file:
            yield file
