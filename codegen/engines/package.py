"""A generated package as engines see it: its schema in full, and its models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from codegen.ir.canonical import dumps, loads
from codegen.ir.model import Schema as Definition
from codegen.runtime.schema import Schema

from .sql.layout import Layout
from .tables import Tables

SCHEMA_FILE: Final = "_schema.json"
_ASIDE: Final = {"description", "model", "default", "functions"}


class Package:
    """The schema that a package was generated from, and the models that it has."""

    def __init__(self, name: str, models: Schema) -> None:
        self._name = name
        self._models = models

    @cached_property
    def schema(self) -> Definition:
        """The definition of the schema, from the file beside the package's modules."""
        return loads(files(self._name).joinpath(SCHEMA_FILE).read_text("utf-8"))

    @cached_property
    def digest(self) -> str:
        """Of what matters to stored documents: not of descriptions, models, defaults, functions."""
        matters = json.loads(dumps(self.schema), object_hook=_what_matters)
        return sha256(json.dumps(matters, sort_keys=True).encode()).hexdigest()

    def tables(self, layouts: Mapping[str, Layout]) -> Tables:
        """The tables as they are laid out in a database."""
        return Tables(self.schema, self._models.tables, layouts)


def _what_matters(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in _ASIDE}
