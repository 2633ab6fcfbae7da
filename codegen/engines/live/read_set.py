"""What a plan has read: stretches of indexes, and documents by their ids.

As on the server, a query depends on the keys that it went through, also where there was no
document (`crates/database/src/reads.rs`).
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from ..commands import Command, Fetch, Found, Plan, Scan
from .changes import CUT, Change

R = TypeVar("R")


class Stretch(NamedTuple):
    """Keys of an index, from one to before another."""

    lower: bytes
    upper: bytes

    def may_have(self, key: bytes) -> bool:
        """Whether a key is in it, or, where it was cut off, one that begins so may be."""
        return self.lower[:CUT] <= key < self.upper


class ReadSet:
    """What a plan has read so far; `fault` is what the plan itself has raised."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self._whole: set[str] = set()
        self._ids: set[tuple[str, str]] = set()
        self._stretches: dict[str, dict[str, list[Stretch]]] = {}

    def recorded(self, plan: Plan[R]) -> Plan[R]:
        """A plan that does the same, and notes here what it reads."""
        try:
            command = next(plan)
            while True:
                if isinstance(command, Scan) and command.limit is not None:
                    command = command._replace(keys=True)
                answer = yield command
                self._note(command, answer)
                command = plan.send(answer)
        except StopIteration as stop:
            result: R = stop.value
            return result
        except Exception as error:
            self.fault = error
            raise

    def depends_on(self, change: Change) -> bool:
        """Whether the plan could have another result since a change."""
        table = change.table
        if not table or table in self._whole:
            return True
        stretches = self._stretches.get(table, {})
        if not change.id:
            return bool(stretches) or any(table == name for name, _ in self._ids)
        if (table, change.id) in self._ids:
            return True
        for index, read in stretches.items():
            keys = change.keys.get(index)
            # Of an index that the writer does not know, anything may be.
            if keys is None or any(s.may_have(key) for s in read for key in keys):
                return True
        return False

    def _note(self, command: Command, answer: Any) -> None:
        if isinstance(command, Fetch):
            self._ids.add((command.table, command.id))
        elif isinstance(command, Scan):
            read = self._stretches.setdefault(command.table, {})
            _extend(read.setdefault(command.index_name, []), _read_of(command, answer))
        else:
            self._whole.add(command.table)


def _read_of(scan: Scan, found: list[Found]) -> Stretch:
    """How far a scan went: to its end, or to the last key that its limit let it have."""
    if scan.limit is None or len(found) < scan.limit or not found:
        return Stretch(scan.lower, scan.upper)
    last = found[-1][1]
    if scan.descending:
        return Stretch(last, scan.upper)
    return Stretch(scan.lower, last + b"\x00")


def _extend(read: list[Stretch], more: Stretch) -> None:
    """Adds a stretch; one that goes on where the last one ended makes that one longer."""
    last = read[-1] if read else None
    if last and last.upper == more.lower:
        read[-1] = Stretch(last.lower, more.upper)
    elif last and more.upper == last.lower:
        read[-1] = Stretch(more.lower, last.upper)
    else:
        read.append(more)
