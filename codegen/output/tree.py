"""Where files are read from: the disk, or what is staged in git."""

from __future__ import annotations

import os
import stat
from typing import Protocol

from codegen.output.disk import read, walk
from codegen.output.errors import OutputError


class Tree(Protocol):
    """The files of a project, by POSIX path relative to its root."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file; None when there is none of that name."""
        ...

    def size(self, path: str) -> int | None:
        """The number of bytes of a regular file, without reading it; None for all else."""
        ...

    def files(self, folder: str) -> tuple[str, ...]:
        """Every file below a folder, relative to it, sorted; hidden ones are left out.

        A symbolic link counts as a file. Without a folder of that name: nothing.
        """
        ...


class DiskTree:
    """The files as they are on disk.

    Raises:
        OutputError: by each method, when the system refuses to read.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.fspath(root)

    def read(self, path: str) -> bytes | None:
        if self.size(path) is None:
            return None
        try:
            return read(f"{self._root}/{path}")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(path, error) from error

    def size(self, path: str) -> int | None:
        try:
            status = os.stat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(path, error) from error
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def files(self, folder: str) -> tuple[str, ...]:
        try:
            found = walk(f"{self._root}/{folder}" if folder else self._root)
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise _unreadable(folder, error) from error
        return tuple(sorted(found))


def _unreadable(path: str, error: OSError) -> OutputError:
    return OutputError(path, f"cannot be read: {error.strerror or error}")
