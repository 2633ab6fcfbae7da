"""What differs between the files that should be there and those that are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from codegen.output.disk import MANIFEST, lf
from codegen.output.fileset import FileSet
from codegen.output.manifest import Manifest
from codegen.output.tree import Tree

_CONFLICT = re.compile(rb"^<<<<<<< .*^=======$.*^>>>>>>> ", re.M | re.S)


class Kind(Enum):
    MISSING = "missing"
    STALE = "stale"
    EDITED = "edited"
    ORPHAN = "orphan"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Drift:
    """One file that is not as it should be.

    `path` is relative to the output folder. `owned` says whether the manifest lists it, and
    `edited` whether it certainly holds what nobody but a person wrote. `obstacle` is the path
    of what stands in the way of a blocked file.
    """

    kind: Kind
    path: str
    reason: str
    expected: bytes | None
    actual: bytes | None
    owned: bool = True
    edited: bool = False
    obstacle: str = ""

    @property
    def foreign(self) -> bool:
        """Whether it is a file of others, which no run changes or removes."""
        return self.kind is Kind.ORPHAN and not self.owned

    def diff(self, folder: str = "") -> str:
        """A unified diff from what is there to what should be, the paths below `folder`."""
        return unified_diff(
            f"{folder}/{self.path}" if folder else self.path, self.actual, self.expected
        )


def same(actual: bytes, expected: bytes) -> bool:
    """Whether two files are equal but for a checkout's line ends."""
    return actual == expected or lf(actual) == lf(expected)


def compare(
    expected: FileSet, tree: Tree, folder: str, manifest: Manifest
) -> list[Drift]:
    """Every difference between the files and a folder of the tree, sorted by path.

    - missing: it should be there and is not.
    - stale: it holds something else, and nobody edited it as far as can be told.
    - edited: it holds neither what it should nor what we wrote, by the word of a manifest
      whose seal holds. Without that word a file that differs is stale: a merge of two
      branches makes such files and nobody wrote them. So is one with conflict markers.
    - orphan: it is there and should not be. `owned` tells our own of before from others',
      which are not read.

    The manifest itself is missing, or is stale when its seal is broken, or when all files are
    right and it records others. What it says of the inputs is the fast path's business alone.
    """
    drifts = list(_drifts(expected, tree, folder, manifest))
    if fault := _manifest_fault(expected, manifest, any(d.owned for d in drifts)):
        kind = Kind.STALE if manifest.present else Kind.MISSING
        drifts.append(Drift(kind, MANIFEST, fault, None, None))
    return sorted(drifts, key=lambda drift: drift.path)


def with_obstacles(
    drifts: Iterable[Drift], folder: str | os.PathLike[str]
) -> list[Drift]:
    """The drifts of a folder on disk; blocked are files whose place can't be written to.

    That is so where a symbolic link or a folder stands for a file, or a file for a folder. What
    is in the way is told with the file that it blocks, and not as a file of others once more.
    """
    folder = os.fspath(folder)
    told = [_blocked(drift, folder) for drift in drifts]
    obstacles = {drift.obstacle for drift in told}
    return [d for d in told if not (d.foreign and d.path in obstacles)]


def _blocked(drift: Drift, folder: str) -> Drift:
    parts = drift.path.split("/") if drift.expected is not None else []
    for end in range(1, len(parts) + 1):
        path, wanted = "/".join(parts[:end]), "file" if end == len(parts) else "folder"
        whole = f"{folder}/{path}"
        if not os.path.lexists(whole):
            break
        found = "folder" if os.path.isdir(whole) else "file"
        if os.path.islink(whole):
            found = "symbolic link"
        if found != wanted:
            reason = f"cannot be written: a {found} is in its way"
            return Drift(Kind.BLOCKED, drift.path, reason, None, None, obstacle=path)
    return drift


def others(expected: FileSet, listed: Iterable[str]) -> list[str]:
    """The files of a listing that are neither expected nor the manifest."""
    return [path for path in listed if path not in expected and path != MANIFEST]


def _drifts(
    expected: FileSet, tree: Tree, folder: str, manifest: Manifest
) -> Iterator[Drift]:
    prefix = f"{folder}/" if folder else ""
    # A listing tells `a.py` from `A.py` on every system, reading does not.
    listed = tree.files(folder)
    there = set(listed)
    for path, data in expected.items():
        actual = tree.read(prefix + path) if path in there else None
        if actual is None:
            yield Drift(Kind.MISSING, path, "is missing", data, None)
        elif not same(actual, data):
            yield _changed(path, data, actual, manifest)
    for path in others(expected, listed):
        if path in manifest.files:
            yield _orphan(path, tree.read(prefix + path), manifest)
        else:
            reason = "is not ours: the manifest does not list it"
            yield Drift(Kind.ORPHAN, path, reason, None, None, owned=False)


def _changed(path: str, expected: bytes, actual: bytes, manifest: Manifest) -> Drift:
    if path not in manifest.files:
        reason = "differs, and the manifest does not list it"
        return Drift(Kind.STALE, path, reason, expected, actual, owned=False)
    if _in_conflict(actual):
        return Drift(Kind.STALE, path, "holds conflict markers", expected, actual)
    if manifest.sealed and not manifest.wrote(path, actual):
        reason = "was edited by hand"
        return Drift(Kind.EDITED, path, reason, expected, actual, edited=True)
    return Drift(Kind.STALE, path, "is out of date", expected, actual)


def _orphan(path: str, actual: bytes | None, manifest: Manifest) -> Drift:
    # Deleting cannot be undone by the next run, so here even a broken seal is no licence.
    if actual is None or not (manifest.wrote(path, actual) or _in_conflict(actual)):
        reason = "is no longer generated, and was edited by hand"
        return Drift(Kind.ORPHAN, path, reason, None, actual, edited=True)
    return Drift(Kind.ORPHAN, path, "is no longer generated", None, actual)


def _in_conflict(data: bytes) -> bool:
    return bool(_CONFLICT.search(lf(data)))


def _manifest_fault(expected: FileSet, manifest: Manifest, drifted: bool) -> str:
    if not manifest.present:
        return "is missing"
    if not manifest.sealed:
        return "was changed by a merge or by hand: its seal is broken"
    if drifted:
        return ""
    right = manifest.files.keys() == expected.keys() and all(
        manifest.wrote(path, data) for path, data in expected.items()
    )
    return "" if right else "records other files than these"


def unified_diff(path: str, before: bytes | None, after: bytes | None) -> str:
    r"""A unified diff as git prints it; None stands for no file.

    Line ends that are only a checkout's do not show. A file that is not UTF-8 text gets one
    line that says that it differs; a last line without an end gets ``\ No newline``.
    """
    from difflib import unified_diff as difference

    old = "/dev/null" if before is None else f"a/{path}"
    new = "/dev/null" if after is None else f"b/{path}"
    try:
        texts = [lf(data or b"").decode() for data in (before, after)]
    except UnicodeDecodeError:
        return f"Binary files {old} and {new} differ\n"
    lines = [[f"{line}\n" for line in text.split("\n")] for text in texts]
    for of_file in lines:
        last = of_file.pop()
        if last != "\n":
            of_file.append(f"{last}\\ No newline at end of file\n")
    return "".join(difference(lines[0], lines[1], old, new))
