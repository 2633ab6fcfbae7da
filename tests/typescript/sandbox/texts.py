"""Files of a project as texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class Texts:
    """Files by path; packages are also those of a folder, if there is one."""

    def __init__(self, files: Mapping[str, str], packages: Path | None = None) -> None:
        self._files = files
        self._packages = packages

    def read(self, path: str) -> bytes | None:
        text = self._files.get(path)
        return None if text is None else text.encode()

    def read_package(self, path: str) -> bytes | None:
        text = self.read(path)
        if text is None and self._packages is not None:
            file = self._packages / path
            return file.read_bytes() if file.is_file() else None
        return text

    def folders(self, path: str) -> tuple[str, ...]:
        return ()
