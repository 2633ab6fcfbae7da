"""The files of a source, without what its import reported, and where references lead."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from .graphql_schema import in_graphql
from .json_values import part, parts
from .places import Places, Pointer, in_json, in_yaml
from .reported import Report, without


class Unresolved(Exception):
    """A reference that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file."""

    file: str
    pointer: Pointer = ()


@dataclass
class Documents:
    """Reads each file once; `reports` are by file."""

    reports: Mapping[str, list[Report]] = field(default_factory=dict)
    _read: dict[str, Any] = field(default_factory=dict)

    def at(self, place: Place) -> Any:
        """The value at a place. Raises Unresolved."""
        try:
            return part(self._document(place.file), place.pointer)
        except (LookupError, TypeError):
            raise Unresolved(place) from None

    def followed(self, file: str, reference: str) -> Place:
        """Where a reference in a file leads. Raises Unresolved."""
        name, _, way = reference.partition("#")
        if name and not self._is_named(file, name):
            file = os.path.normpath(os.path.join(os.path.dirname(file), name))
        if way and not way.startswith("/"):
            return Place(file, self._anchored(file, way))
        pointer: Pointer = ()
        for step in unquote(way).split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            is_list = isinstance(self.at(Place(file, pointer)), list)
            pointer = (*pointer, int(name) if is_list else name)
        return Place(file, pointer)

    def add(self, file: str, document: Any) -> None:
        """A document that is made of the file in another way than by reading its JSON."""
        self._read[file] = without(document, self.reports.get(file, ()))

    def _document(self, file: str) -> Any:
        if file not in self._read:
            if not os.path.isfile(file):
                raise Unresolved(file)
            self.add(file, read_document(Path(file)))
        return self._read[file]

    def _is_named(self, file: str, name: str) -> bool:
        document = self._document(file)
        if not isinstance(document, dict):
            return False
        names = (document.get("$id"), document.get("id"))
        return name in {str(one).rstrip("#") for one in names if one}

    def _anchored(self, file: str, anchor: str) -> Pointer:
        for pointer, one in parts(self._document(file)):
            if isinstance(one, dict) and (
                anchor in (one.get("$anchor"), one.get("$dynamicAnchor"))
                or one.get("$id") == f"#{anchor}"
            ):
                return pointer
        raise Unresolved(anchor)


def read_document(path: Path) -> Any:
    """The value of a JSON or YAML file, with texts for keys."""
    text = path.read_text("utf-8-sig")
    if is_yaml(path):
        return json.loads(json.dumps(yaml.load(text, yaml.CSafeLoader), default=str))
    return json.loads(text)


def places(path: Path) -> Places:
    """Which part of a file stands where."""
    text = path.read_text("utf-8-sig")
    if path.suffix == ".graphql":
        return in_graphql(text)
    return in_yaml(text) if is_yaml(path) else in_json(text)


def is_yaml(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml")
