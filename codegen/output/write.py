"""Writes a set of files: all of it or nothing, and only over what is ours."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from codegen.output.compare import compare
from codegen.output.disk import MANIFEST, STAGING
from codegen.output.errors import OutputError, Refused
from codegen.output.fileset import FileSet
from codegen.output.journal import (
    Journal,
    Step,
    backup,
    clear,
    link_on_the_way,
    run,
    staged,
)
from codegen.output.lock import locked
from codegen.output.manifest import Manifest, parse_manifest
from codegen.output.recover import recover_locked
from codegen.output.tree import DiskTree

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each file, by path relative to the folder; the manifest is not listed."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


def write(
    files: FileSet,
    folder: str | os.PathLike[str],
    manifest: Manifest,
    *,
    force: bool = False,
) -> Written:
    """Makes the folder hold the files and the manifest, and nothing else of ours.

    Files that are right are not touched, and files of others never. Files that were edited by
    hand, or that the manifest in the folder does not list, are written over with `force` only.

    Raises:
        Refused: files of the user stand in the way; nothing was changed.
        OutputError: the system refuses; nothing was changed.
    """
    folder = os.fspath(folder)
    made = _missing_folders(folder)
    try:
        for path in made:
            with suppress(FileExistsError):
                os.mkdir(path)
        with locked(folder):
            recover_locked(folder)
            return _write_locked(files, folder, manifest, force)
    except BaseException as error:
        for path in reversed(made):
            with suppress(OSError):
                os.rmdir(path)
        if isinstance(error, OSError):
            reason = f"cannot be written: {error.strerror}"
            raise OutputError(folder, reason) from error
        raise


def _write_locked(
    files: FileSet, folder: str, manifest: Manifest, force: bool
) -> Written:
    tree = DiskTree(folder)
    old = tree.read(MANIFEST)
    drifts = [
        drift
        for drift in compare(files, tree, "", parse_manifest(old))
        if drift.path != MANIFEST and (drift.owned or drift.expected is not None)
    ]
    lost = [drift for drift in drifts if drift.edited or not drift.owned]
    if lost and not force:
        faults = ((f"{folder}/{drift.path}", drift.reason) for drift in lost)
        raise Refused(tuple(faults))
    contents = {d.path: d.expected for d in drifts if d.expected is not None}
    removed = tuple(drift.path for drift in drifts if drift.expected is None)
    new = manifest.to_bytes()
    if new != old:
        contents[MANIFEST] = new
    steps = _in_order(files, contents, removed, folder)
    if steps:
        _stage_and_swap(steps, contents, folder)
    return Written(
        changed=tuple(path for path in files if path in contents),
        removed=removed,
        unchanged=tuple(path for path in files if path not in contents),
    )


def _in_order(
    files: FileSet, contents: dict[str, bytes], removed: Iterable[str], folder: str
) -> tuple[Step, ...]:
    """Files in the order of the set, then removals, then the manifest.

    A file whose name changes in case alone is removed first: on some systems it is the same.
    """
    folded = {path.lower() for path in contents}
    first = [path for path in removed if path.lower() in folded]
    last = [path for path in removed if path.lower() not in folded]
    puts = [path for path in files if path in contents]
    return (
        *(Step("remove", path) for path in first),
        *(_put(path, folder) for path in puts),
        *(Step("remove", path) for path in last),
        *(_put(path, folder) for path in (MANIFEST,) if path in contents),
    )


def _put(path: str, folder: str) -> Step:
    whole = f"{folder}/{path}"
    try:
        mode = os.lstat(whole).st_mode
    except FileNotFoundError:
        return Step("add", path)
    if not stat.S_ISREG(mode):
        kind = "folder" if stat.S_ISDIR(mode) else "symbolic link or device"
        raise OutputError(whole, f"is a {kind}, where a file is to be written")
    return Step("replace", path)


def _stage_and_swap(
    steps: tuple[Step, ...], contents: dict[str, bytes], folder: str
) -> None:
    path = f"{folder}/{STAGING}"
    try:
        new_folders = _new_folders(steps, folder)
        os.mkdir(path)
        for number, step in enumerate(steps):
            path = f"{folder}/{step.path}"
            if step.action != "remove":
                _stage(step, number, contents[step.path], folder)
        journal = Journal(steps, new_folders)
        journal.save(folder)
    except BaseException as error:
        clear(folder)
        if isinstance(error, OSError):
            reason = f"cannot be written: {error.strerror}"
            raise OutputError(path, reason) from error
        raise
    run(journal, folder)


def _new_folders(steps: tuple[Step, ...], folder: str) -> tuple[str, ...]:
    """The folders that the steps need and that do not exist, outermost first."""
    parents = {os.path.dirname(step.path): step.path for step in steps}
    new: set[str] = set()
    for parent, path in parents.items():
        if link := link_on_the_way(folder, path):
            raise OutputError(link, "is a symbolic link, where a folder of ours is")
        while parent and not os.path.isdir(f"{folder}/{parent}"):
            new.add(parent)
            parent = os.path.dirname(parent)
    return tuple(sorted(new))


def _stage(step: Step, number: int, data: bytes, folder: str) -> None:
    path, new = f"{folder}/{step.path}", staged(folder, number)
    _write_new(new, data)
    if step.action == "replace":
        os.chmod(new, stat.S_IMODE(os.stat(path).st_mode))
        try:
            os.link(path, backup(folder, number))
        except OSError:  # a file system without hard links
            _copy(path, backup(folder, number))


def _write_new(path: str, data: bytes) -> None:
    file = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _copy(source: str, target: str) -> None:
    import shutil

    shutil.copy2(source, target)


def _missing_folders(folder: str) -> list[str]:
    """The folder and those above it, as far as they do not exist, outermost first."""
    missing: list[str] = []
    while folder and not os.path.isdir(folder):
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    return missing
