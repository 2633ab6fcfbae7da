"""A set of files as a value: what a run of the generator yields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)"
_PORTABLE = re.compile(rf"{_NAME}(?:/{_NAME})*\Z")
_DEVICE = re.compile(r"(?:.*/)?(?:con|prn|aux|nul|com\d|lpt\d)(?:[./].*)?\Z", re.I)
_LONGEST_NAME = 255


def path_fault(path: str) -> str:
    """Why a path is not a relative POSIX path that every system can hold, or ``""``.

    Hidden names and `__pycache__` are refused too: listings of a folder leave them out.
    """
    if not _PORTABLE.match(path):
        return "is not a relative path of letters, digits, `_`, `.` and `-`"
    if _DEVICE.match(path):
        return "is the name of a device on Windows"
    if "__pycache__" in path.split("/"):
        return "lies in a cache of Python"
    if len(path) > _LONGEST_NAME and max(map(len, path.split("/"))) > _LONGEST_NAME:
        return f"has a name of more than {_LONGEST_NAME} characters"
    return ""


class FileSet(Mapping[str, bytes]):
    """Files by relative POSIX path, in the order in which they are to be written.

    A file comes after those that it depends on. Sets with the same files are equal, whatever
    their order.

    Raises:
        ValueError: a path is not portable, or two files cannot stand side by side on every
            system: equal but for their case, or one a folder of the other.
    """

    __slots__ = ("_files",)

    def __init__(self, files: Iterable[tuple[str, bytes]] = ()) -> None:
        self._files: dict[str, bytes] = {}
        folded: dict[str, str] = {}
        for path, data in files:
            if fault := path_fault(path):
                raise ValueError(f"{path!r} {fault}")
            other = folded.setdefault(path.lower(), path)
            if path in self._files or other != path:
                raise ValueError(f"{path!r} and {other!r} are one file on some systems")
            self._files[path] = data
        for path in folded:
            for cut in range(len(path)):
                if path[cut] == "/" and path[:cut] in folded:
                    raise ValueError(f"{folded[path[:cut]]!r} is also a folder")

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"FileSet({list(self._files)})"
