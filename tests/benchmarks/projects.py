"""Folders with a schema to generate from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from .schemas import write_yaml


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the schemas are, and how often everything runs."""

    tables: int
    turns: int
    slow_turns: int

    @property
    def large(self) -> int:
        return self.tables * 5


def always(folder: Path) -> Callable[[], Path]:
    """The same folder at each call, for commands that change nothing in it."""
    return lambda: folder


class Workshop:
    """A folder for folders, of which none is used twice.

    Nor is one removed before the end: file systems are slow at making a file where one was
    deleted a moment ago.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def empty(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder

    def project(self, write: Callable[..., None], suffix: str, *size: Any) -> Path:
        """A project whose schema `write` writes, with a folder for the package to come."""
        folder = self.empty()
        schema = f"schema.{suffix}"
        write(folder / schema, *size)
        text = f'[tool.codegen]\nschema = "{schema}"\n'
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        return folder

    def yaml_project(self, tables: int) -> Path:
        return self.project(write_yaml, "yaml", tables)

    def copies(self, original: Path) -> Callable[[], Path]:
        """Makes a copy at each call."""
        return lambda: Path(shutil.copytree(original, self.empty(), dirs_exist_ok=True))
