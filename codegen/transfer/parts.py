"""The names of files and folders until they are whole, and what killed programs leave of them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress


def part_of(path: str) -> str:
    """Where this process makes what is to have a path; what killed ones left there is removed."""
    path = path.rstrip(os.sep)
    with suppress(OSError):  # what can't be removed is in nobody's way
        _remove_what_was_left(*os.path.split(path))
    return f"{path}.{os.getpid()}.part"


def _remove_what_was_left(folder: str, name: str) -> None:
    part = re.compile(rf"{re.escape(name)}\.(\d+)\.part(-journal|-wal|-shm)?")
    for found in os.listdir(folder or "."):
        left = part.fullmatch(found)
        if left is None or _is_of_another(int(left[1])):
            continue
        place = os.path.join(folder, found)
        if os.path.isdir(place):
            shutil.rmtree(place)
        else:
            os.remove(place)


def _is_of_another(process: int) -> bool:
    """Whether another process has this number, and may be at work."""
    if process == os.getpid():
        return False
    if sys.platform == "win32":
        return False  # what it has open, nobody can remove there
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
