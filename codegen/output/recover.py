"""Mends what a killed run has left; every command does this first."""

from __future__ import annotations

import os

from codegen.output.disk import STAGING
from codegen.output.errors import OutputError
from codegen.output.journal import clear, load_journal, run
from codegen.output.lock import locked


def recover(folder: str | os.PathLike[str]) -> str | None:
    """Finishes or undoes an interrupted run, after which the folder is whole.

    Waits for a run that is not interrupted but still at work. Returns what it did, in words
    for the user, or None when there was nothing to do.

    Raises:
        OutputError: it could not; the message says what stands in the way.
    """
    folder = os.fspath(folder)
    if not os.path.lexists(f"{folder}/{STAGING}"):
        return None
    try:
        with locked(folder):
            return recover_locked(folder)
    except OSError as error:
        raise OutputError(folder, f"cannot be mended: {error.strerror}") from error


def recover_locked(folder: str) -> str | None:
    """`recover` for one who already holds the lock of the folder."""
    staging = f"{folder}/{STAGING}"
    if not os.path.lexists(staging):
        return None
    if os.path.islink(staging) or not os.path.isdir(staging):
        raise OutputError(staging, "is not a folder of ours: remove it")
    journal = load_journal(folder)
    if journal is None:
        clear(folder)
        return "removed what an interrupted run had left behind; no file was changed"
    run(journal, folder)
    count = f"{len(journal.steps)} files"
    if journal.undoing:
        return f"undid an interrupted run that was changing {count}"
    return f"finished an interrupted run that was changing {count}"
