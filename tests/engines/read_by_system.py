"""A deployment that is read by its own functions, and written by those that are deployed for it."""

from __future__ import annotations

from typing import Any, Final

_READS: Final = {"get", "run", "stream"}


class ReadBySystem:
    """The names of `Database`, in two connections."""

    def __init__(self, writer: Any, reader: Any) -> None:
        self._writer = writer
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader if name in _READS else self._writer, name)

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
