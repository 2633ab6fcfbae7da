"""Where documents come from, table by table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final, NamedTuple, Protocol

from codegen.diagnostics import closest
from codegen.engines.ids import decode
from codegen.ir.model import Schema

from .faults import TransferError
from .forms import JsonObject, Parse

LONGEST_LINE: Final = 16 << 20
"""In bytes: a document has at most 1 MiB, and JSON may write six characters for one byte."""


SCHEMA_FILE: Final = "_schema.json"
"""The file of a folder or a zip file that has the schema of the documents."""


class Documents(NamedTuple):
    """The documents of a table: lines of JSON, what reads one, and where they are from."""

    file: str
    lines: Iterable[bytes]
    parse: Parse


class Source(Protocol):
    """A folder, a file or a database with documents."""

    @property
    def schema(self) -> Schema | None:
        """The schema that the documents had, if that is known."""
        ...

    @property
    def numbers(self) -> Mapping[str, int]:
        """The tables, and their numbers in ids as far as they are known: 0 where not."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is in the source that no table takes."""
        ...

    def documents(self, table: str) -> Documents:
        """The documents of one of the tables."""
        ...


def lines_of(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines of a file, one at a time, however large it is."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise TransferError(f"{name}:{number}: a line longer than 16 MiB")
        yield line


def number_of(lines: Iterable[bytes], parse: Parse) -> int:
    """The number of a table, as the first of its documents has it in its id; 0 without one."""
    for line in lines:
        try:
            id = parse(line).get("_id")
            return decode(id)[0] if isinstance(id, str) else 0
        except ValueError:
            return 0
    return 0


def recorded_numbers(lines: Iterable[bytes], parse: Parse, file: str) -> dict[str, int]:
    """The numbers of tables from the lines of Convex's `_tables`: `{"name": …, "id": …}`."""
    numbers: dict[str, int] = {}
    for at, line in enumerate(lines, start=1):
        try:
            numbers |= _recorded(parse(line))
        except (TypeError, ValueError, KeyError) as error:
            raise TransferError(
                f"{file}:{at}: no table and its number: {error}"
            ) from None
    return numbers


def _recorded(entry: JsonObject) -> dict[str, int]:
    number = float(str(entry["id"]))
    if not 0 < number < 1 << 31 or number != int(number):
        raise ValueError(f"{entry['id']} is no number of a table")
    return {str(entry["name"]): int(number)}


def record_of(table: str, number: int) -> bytes:
    """The line of `_tables` for a table."""
    return b'{"name":"%b","id":%d}\n' % (table.encode(), number)


def chosen(source: Source, tables: Collection[str]) -> dict[str, int]:
    """The tables to import and their numbers: those that are named, or all."""
    numbers = source.numbers
    for table in tables:
        if table not in numbers:
            message = f"there is no table `{table}` in what is to be read"
            raise TransferError(message, closest(table, numbers))
    return {name: numbers[name] for name in tables or sorted(numbers)}
