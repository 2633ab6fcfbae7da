"""What can go wrong with files; each is the user's to mend and says so without a traceback."""

from __future__ import annotations


class OutputError(Exception):
    """A file or folder cannot be read or written; nothing was changed.

    `code` is its diagnostic code, `path` the file as the user would name it.
    """

    code = "E550"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Refused(OutputError):
    """Work of the user would be lost; `faults` holds each file with the reason."""

    code = "E551"

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__(*faults[0])
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(f"{path}: {reason}" for path, reason in self.faults)


class IndexUnreadable(OutputError):
    """What is staged cannot be told: no repository, a merge in progress, a symbolic link."""

    code = "E552"
