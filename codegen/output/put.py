"""One file in its place, whole or not at all."""

from __future__ import annotations

import os
import shutil

from .errors import OutputError


def put(path: str, data: bytes) -> None:
    """Writes a file over what is there, with the same rights; a link leads to what is written.

    Raises an `OutputError` where the system refuses, with nothing changed.
    """
    place = os.path.realpath(path)
    staged = f"{place}.codegen-new"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        try:
            with open(staged, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if os.path.exists(place):
                shutil.copymode(place, staged)
            os.replace(staged, place)
        except OSError:
            if os.path.lexists(staged):
                os.unlink(staged)
            raise
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise OutputError(path, reason) from error
