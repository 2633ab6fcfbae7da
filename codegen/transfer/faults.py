"""What is wrong with documents that are to be imported: all is counted, the first are named."""

from __future__ import annotations

from typing import Final, NamedTuple

_NAMED: Final = 20


class TransferError(Exception):
    """Why nothing can be imported or exported, for people; `hint` is what was meant, perhaps."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Fault(NamedTuple):
    """What is wrong, and where: `users.jsonl:3`."""

    place: str
    reason: str


class Faults:
    """The faults of an import: their number, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.named: list[Fault] = []

    def add(self, place: str, reason: str) -> None:
        self.count += 1
        if len(self.named) < _NAMED:
            self.named.append(Fault(place, reason))

    def raise_if_any(self) -> None:
        if self.count:
            raise DoNotFit(self)


class DoNotFit(TransferError):
    """Documents do not fit the database: nothing was imported."""

    def __init__(self, faults: Faults) -> None:
        noun = "document does" if faults.count == 1 else "documents do"
        super().__init__(f"{faults.count:,} {noun} not fit, and nothing was imported")
        self.faults = faults
