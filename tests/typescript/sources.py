"""Files of folders for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Sources:
    """The files of some folders as if they were one; those of the first count."""

    def __init__(self, *roots: Path) -> None:
        self._roots: Sequence[Path] = roots

    def read(self, path: str) -> bytes | None:
        for root in self._roots:
            if (root / path).is_file():
                return (root / path).read_bytes()
        return None

    def read_package(self, path: str) -> bytes | None:
        return self.read(path)

    def files(self, path: str) -> tuple[str, ...]:
        return tuple(
            sorted(
                file.relative_to(root / path).as_posix()
                for root in self._roots
                for file in (root / path).rglob("*")
                if file.is_file()
                and "node_modules" not in file.relative_to(root / path).parts
            )
        )

    def folders(self, path: str) -> tuple[str, ...]:
        inner = (folder for root in self._roots for folder in (root / path).glob("*/"))
        return tuple(sorted({folder.name for folder in inner}))
