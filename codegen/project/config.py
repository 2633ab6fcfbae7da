"""Where the schema is, where its package goes: `[tool.codegen]` of pyproject.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from codegen.diagnostics import Diagnostic, Diagnostics, Span, closest

PYPROJECT: Final = "pyproject.toml"
_SECTION: Final = ("tool", "codegen")
_KEY: Final = r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'"""
_KEYS: Final = rf"(?:{_KEY})(?:[ \t]*\.[ \t]*(?:{_KEY}))*"
_HEADER_OR_KEY: Final = re.compile(
    rf"^[ \t]*(?:\[+[ \t]*({_KEYS})[ \t]*\]|({_KEYS})[ \t]*=)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run; paths are POSIX and relative to the project's root.

    `schema` is a file or a folder, and so is `functions`, if there is one: what
    `npx convex function-spec` prints, or native files that say more of functions. To `evaluate` is to run a schema in TypeScript, in a
    sandbox, rather than to read it. `schema` is `given` where the command line says it. `models` gives tables the names of their document classes;
    `places` tells where each of these tables, and each path, is written.
    """

    schema: str = "schema"
    output: str = "generated"
    functions: str | None = None
    evaluate: bool = False
    given: bool = False
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    places: Mapping[str, Span] = field(default_factory=dict[str, Span])


def find_root(start: str) -> str | None:
    """The nearest folder, from `start` upwards, whose pyproject.toml configures codegen.

    One that can't be read may do so: to read it as the configuration tells what is wrong.
    """
    folder = os.path.abspath(start)
    while True:
        try:
            with open(os.path.join(folder, PYPROJECT), "rb") as file:
                if configures(file.read()):
                    return folder
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            pass
        except OSError:
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def configures(data: bytes) -> bool:
    """Whether a pyproject.toml has a `tool.codegen`, or can't be read and may have one."""
    if b"codegen" not in data:
        return False
    import tomllib

    try:
        tool = tomllib.loads(data.decode("utf-8-sig")).get("tool")
    except ValueError:
        return True
    return isinstance(tool, dict) and "codegen" in tool


def read_config(data: bytes | None, path: str, diagnostics: Diagnostics) -> Config:
    """What the pyproject.toml at `path` says of codegen; the defaults where it is silent."""
    if data is None or b"codegen" not in data:
        return Config()
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except ValueError as error:
        message = f"pyproject.toml can't be read: {error}"
        line, column = _place(str(error))
        span = Span(path, line, column, line, column + 1)
        diagnostics.add(Diagnostic("E501", message, span))
        return Config()
    tool = raw.get("tool")
    if not isinstance(tool, dict) or "codegen" not in tool:
        return Config()
    return _Reader(path, text, diagnostics).config(tool["codegen"])


def check_models(
    config: Config, tables: Collection[str], diagnostics: Diagnostics
) -> None:
    """Reports the names in `models` that are no tables of the schema."""
    for table in config.models:
        if table not in tables:
            message = f"`models` names a table that is not in the schema: `{table}`"
            span = config.places.get(table)
            diagnostics.add(Diagnostic("E502", message, span, closest(table, tables)))


def _place(message: str) -> tuple[int, int]:
    """The line and column that the TOML parser names; the first ones if it names none."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    return (int(found[1]), int(found[2])) if found else (1, 1)


class _Reader:
    def __init__(self, path: str, text: str, diagnostics: Diagnostics) -> None:
        from codegen.language.text import Text

        self._text = Text(path, text)
        self._diagnostics = diagnostics

    def config(self, section: Any) -> Config:
        config = Config()
        if not isinstance(section, dict):
            self._fault((), "`tool.codegen` must be a table")
            return config
        paths: dict[str, str] = {}
        models: dict[str, str] = {}
        evaluate = config.evaluate
        known = ("schema", "output", "functions", "evaluate", "models")
        for key, value in cast("dict[str, Any]", section).items():
            if key not in known:
                self._fault((key,), f"`{key}` is not a setting", closest(key, known))
            elif key == "models":
                models = self._models(value)
            elif key == "evaluate":
                if isinstance(value, bool):
                    evaluate = value
                else:
                    self._fault((key,), "`evaluate` must be true or false")
            elif not isinstance(value, str) or not value.strip():
                self._fault((key,), f"`{key}` must be a path")
            else:
                paths[key] = self._path(key, value)
        named = {table: self._span(("models", table)) for table in models}
        return replace(
            config,
            schema=paths.get("schema", config.schema),
            output=paths.get("output", config.output),
            functions=paths.get("functions"),
            evaluate=evaluate,
            models=models,
            places=named | {key: self._span((key,)) for key in paths},
        )

    def _models(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            message = "`models` must be a table of class names by table"
            self._fault(("models",), message)
            return {}
        models: dict[str, str] = {}
        for table, name in cast("dict[str, Any]", value).items():
            if not isinstance(name, str):
                message = f"{name!r} can't be the name of a class"
                self._fault(("models", table), message)
            elif self._is_class_name(table, name):
                models[table] = name
        return models

    def _is_class_name(self, table: str, name: str) -> bool:
        """Whether the schema could say `model: name`; reported here in the same words."""
        from codegen.language.native_types import is_class_name
        from codegen.language.reading import Reading
        from codegen.language.yaml_tree import Scalar

        reading = Reading(self._text, self._diagnostics, frozenset())
        written = Scalar(name, *self._find(("models", table)))
        return is_class_name(reading, written, name, "a model")

    def _path(self, key: str, value: str) -> str:
        path = os.path.normpath(value).replace(os.sep, "/")
        if os.path.isabs(value) or path == ".." or path.startswith("../"):
            self._fault((key,), f"`{key}` must lie inside the project: {value}")
        return path

    def _fault(self, keys: tuple[str, ...], message: str, hint: str = "") -> None:
        self._diagnostics.add(Diagnostic("E502", message, self._span(keys), hint))

    def _span(self, keys: tuple[str, ...]) -> Span:
        return self._text.span(*self._find(keys))

    def _find(self, keys: tuple[str, ...]) -> tuple[int, int]:
        """The place of a key below our section: TOML's own parser keeps no places.

        What stands in an inline table is found in its line, or else the table is.
        """
        wanted = (*_SECTION, *keys)
        text = self._text.characters
        best, depth = (0, 0), 0
        header: tuple[str, ...] = ()
        for found in _HEADER_OR_KEY.finditer(text):
            group = 1 if found[1] else 2
            words = list(re.finditer(_KEY, found[group]))
            names = tuple(word[0].strip("\"'") for word in words)
            if group == 1:
                header = names
            full = names if group == 1 else (*header, *names)
            if full != wanted[: len(full)] or len(full) <= depth:
                continue
            start = found.start(group)
            best, depth = (start + words[-1].start(), start + words[-1].end()), len(
                full
            )
            for name in wanted[depth:] if group == 2 else ():
                inline = re.compile(
                    rf"[{{,][ \t]*([\"']?{re.escape(name)}[\"']?)[ \t]*="
                )
                within = inline.search(text, best[1], _end_of_line(text, best[1]))
                if within is None:
                    break
                best, depth = within.span(1), depth + 1
        return best


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
