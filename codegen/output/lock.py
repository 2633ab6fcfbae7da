"""Only one run writes to a folder at a time; the next one waits."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def locked(folder: str) -> Generator[None]:
        """Holds the lock of a folder."""
        path = f"{folder}/.codegen-lock"
        file = os.open(path, os.O_CREAT | os.O_RDWR)
        try:
            while True:
                try:
                    msvcrt.locking(file, msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    continue  # it gives up after ten seconds; we do not
            yield
        finally:
            os.close(file)
            with suppress(OSError):  # another run waits for it
                os.unlink(path)

else:
    import fcntl

    @contextmanager
    def locked(folder: str) -> Generator[None]:
        """Holds the lock of a folder: of the folder itself, so that no lock file remains.

        On a file system that cannot lock folders, two runs at once are not kept apart.
        """
        file = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network file systems
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
