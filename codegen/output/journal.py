"""The short burst in which staged files take their places, and what a kill inside it leaves.

All new files lie complete in the staging folder, and a second name or a copy of all old ones,
before the journal appears there; from then on the burst can be finished or undone by whoever
comes next. Every step can be repeated: it looks at which files are where.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from codegen.output.disk import STAGING, read
from codegen.output.errors import OutputError
from codegen.output.fileset import path_fault

Action = Literal["add", "replace", "remove"]
_JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Step:
    """One file's change; its staged content and its backup carry the number of the step."""

    action: Action
    path: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The steps in order, and the folders, outermost first, that did not exist before."""

    steps: tuple[Step, ...]
    new_folders: tuple[str, ...]
    undoing: bool = False

    def save(self, folder: str) -> None:
        """Puts the journal in place, safe from a loss of power too.

        Raises:
            OSError: it cannot be written; a former one stays.
        """
        steps = [[step.action, step.path] for step in self.steps]
        value = {"undo": self.undoing, "folders": self.new_folders, "steps": steps}
        path = f"{folder}/{STAGING}/{_JOURNAL}"
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.new", path)


def staged(folder: str, number: int) -> str:
    """Where the new content of a step lies."""
    return f"{folder}/{STAGING}/new-{number}"


def backup(folder: str, number: int) -> str:
    """Where the old content of a step lies."""
    return f"{folder}/{STAGING}/old-{number}"


def load_journal(folder: str) -> Journal | None:
    """The journal of an interrupted burst, or None when none had begun.

    Raises:
        OutputError: it is not one of ours.
    """
    path = f"{folder}/{STAGING}/{_JOURNAL}"
    try:
        value = json.loads(read(path))
        steps = tuple(Step(action, path) for action, path in value["steps"])
        journal = Journal(steps, tuple(value["folders"]), value["undo"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _foreign(path) from error
    # A journal comes with a clone as any file may: it must not lead out of the folder.
    for inside in (*(step.path for step in journal.steps), *journal.new_folders):
        if path_fault(inside) or link_on_the_way(folder, inside):
            raise _foreign(path)
    return journal


def _foreign(path: str) -> OutputError:
    return OutputError(path, "is not a journal that we wrote: delete its folder")


def link_on_the_way(folder: str, path: str) -> str | None:
    """The first folder between `folder` and the file that is a symbolic link."""
    parts = path.split("/")[:-1]
    for end in range(1, len(parts) + 1):
        between = "/".join((folder, *parts[:end]))
        if os.path.islink(between):
            return between
    return None


def run(journal: Journal, folder: str) -> None:
    """Does the burst, or what is left of it, then removes the staging folder.

    Raises:
        OutputError: a step failed. Everything is as before the burst; where even that could
            not be done, the staging folder stays and the next command tries again.
    """
    if journal.undoing:
        _turn_back(journal, folder)
        return
    done = 0
    try:
        for number, step in enumerate(journal.steps):
            _do(step, number, folder)
            done += 1
    except OSError as error:
        _turn_back(journal, folder, begun=done > 0)
        path = f"{folder}/{journal.steps[done].path}"
        raise OutputError(path, f"cannot be written: {error.strerror}") from error
    except BaseException:
        _turn_back(journal, folder)
        raise
    _prune(journal, folder)
    clear(folder)


def clear(folder: str) -> None:
    """Removes the staging folder as far as possible, the journal first: it is not needed."""
    staging = f"{folder}/{STAGING}"
    with suppress(OSError):
        names = os.listdir(staging)
        for name in sorted(names, key=lambda name: name != _JOURNAL):
            if name.startswith((_JOURNAL, "new-", "old-")):
                os.unlink(f"{staging}/{name}")
        os.rmdir(staging)


def _do(step: Step, number: int, folder: str) -> None:
    path = f"{folder}/{step.path}"
    if step.action == "remove":
        if not os.path.exists(backup(folder, number)) and os.path.lexists(path):
            os.replace(path, backup(folder, number))
        return
    new = staged(folder, number)
    try:
        os.replace(new, path)
    except FileNotFoundError:
        if os.path.exists(new):  # else it had been done
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.replace(new, path)


def _turn_back(journal: Journal, folder: str, begun: bool = True) -> None:
    """Undoes the steps that were done; `begun` is False when there are certainly none."""
    try:
        if begun and not journal.undoing:
            replace(journal, undoing=True).save(folder)
        for number, step in reversed(list(enumerate(journal.steps))):
            _undo(step, number, folder)
    except OSError as error:
        reason = f"cannot be undone now, the next command tries again: {error.strerror}"
        raise OutputError(f"{folder}/{STAGING}", reason) from error
    for new in reversed(journal.new_folders):
        with suppress(OSError):
            os.rmdir(f"{folder}/{new}")
    clear(folder)


def _undo(step: Step, number: int, folder: str) -> None:
    path, old = f"{folder}/{step.path}", backup(folder, number)
    if step.action != "remove" and os.path.exists(staged(folder, number)):
        return  # it had not been done
    if step.action == "add":
        with suppress(FileNotFoundError):
            os.unlink(path)
    elif os.path.exists(old):
        os.replace(old, path)


def _prune(journal: Journal, folder: str) -> None:
    """Removes the folders that the removed files have left empty, but for Python's cache."""
    for step in journal.steps:
        parent = os.path.dirname(step.path)
        while step.action == "remove" and parent:
            try:
                _remove_if_empty(f"{folder}/{parent}")
            except OSError:
                break  # somebody else's files, or a folder that is already gone
            parent = os.path.dirname(parent)


def _remove_if_empty(folder: str) -> None:
    cache = f"{folder}/__pycache__"
    if os.listdir(folder) == ["__pycache__"] and not os.path.islink(cache):
        for name in os.listdir(cache):
            if name.endswith(".pyc"):
                os.unlink(f"{cache}/{name}")
        os.rmdir(cache)
    os.rmdir(folder)
