"""Where the schema is, where its package goes: `[tool.codegen]` of pyproject.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from codegen.diagnostics import Diagnostic, Diagnostics, Span, closest
from codegen.output.tree import Tree

PYPROJECT: Final = "pyproject.toml"
_SECTION: Final = "tool.codegen"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run; paths are POSIX and relative to the project's root.

    `schema` is a file or a folder. `models` gives tables the names of their document classes.
    """

    schema: str = "schema"
    output: str = "generated"
    models: Mapping[str, str] = field(default_factory=dict[str, str])


def find_root(start: str) -> str | None:
    """The nearest folder, from `start` upwards, whose pyproject.toml configures codegen."""
    folder = os.path.abspath(start)
    while True:
        try:
            with open(os.path.join(folder, PYPROJECT), "rb") as file:
                if b"codegen" in file.read():
                    return folder
        except OSError:
            pass
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def read_config(tree: Tree, diagnostics: Diagnostics) -> Config:
    """The configuration of a project; the defaults where it says nothing."""
    data = tree.read(PYPROJECT)
    if data is None or b"codegen" not in data:
        return Config()
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"pyproject.toml can't be read: {error}"
        line, column = _place(str(error))
        span = Span(PYPROJECT, line, column, line, column + 1)
        diagnostics.add(Diagnostic("E501", message, span))
        return Config()
    section = raw.get("tool", {}).get("codegen", {})
    return _Reader(text, diagnostics).config(section)


def _place(message: str) -> tuple[int, int]:
    """The line and column that the TOML parser names; the first ones if it names none."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    return (int(found[1]), int(found[2])) if found else (1, 1)


class _Reader:
    def __init__(self, text: str, diagnostics: Diagnostics) -> None:
        self._lines = text.splitlines()
        self._diagnostics = diagnostics

    def config(self, section: Any) -> Config:
        config = Config()
        paths: dict[str, str] = {}
        if not isinstance(section, dict):
            self._fault("codegen", f"`{_SECTION}` must be a table")
            return config
        known = ("schema", "output", "models")
        for key, value in cast("dict[str, Any]", section).items():
            if key not in known:
                self._fault(key, f"`{key}` is not a setting", closest(key, known))
            elif key == "models":
                config = replace(config, models=self._models(value))
            elif not isinstance(value, str) or not value.strip():
                self._fault(key, f"`{key}` must be a path")
            else:
                paths[key] = self._path(key, value)
        return replace(
            config,
            schema=paths.get("schema", config.schema),
            output=paths.get("output", config.output),
        )

    def _models(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            self._fault("models", "`models` must be a table of class names by table")
            return {}
        models: dict[str, str] = {}
        for table, name in cast("dict[str, Any]", value).items():
            usable = (
                isinstance(name, str) and name.isidentifier() and name[:1].isupper()
            )
            if usable and name.isascii():
                models[table] = name
            else:
                self._fault(table, f"{name!r} can't be the name of a class")
        return models

    def _path(self, key: str, value: str) -> str:
        path = os.path.normpath(value).replace(os.sep, "/")
        if os.path.isabs(value) or path.startswith(".."):
            self._fault(key, f"`{key}` must lie inside the project: {value}")
        elif key == "output" and path == ".":
            self._fault(key, "the output folder can't be the project itself")
        return path

    def _fault(self, key: str, message: str, hint: str = "") -> None:
        self._diagnostics.add(Diagnostic("E502", message, self._span(key), hint))

    def _span(self, key: str) -> Span:
        """The place of a key, found by its text: TOML's own parser keeps no places."""
        inside = False
        for number, line in enumerate(self._lines, 1):
            if line.lstrip().startswith("["):
                inside = "codegen" in line
            column = line.find(key)
            if inside and column >= 0:
                return Span(
                    PYPROJECT, number, column + 1, number, column + 1 + len(key)
                )
        return Span(PYPROJECT, 1, 1, 1, 1)
