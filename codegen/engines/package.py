"""A generated package as engines see it: its schema in full, and its models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from typing import Final

from codegen.ir.canonical import loads
from codegen.ir.model import Schema as Definition
from codegen.runtime.schema import Schema

from .digest import schema_digest
from .sql.layout import Layout
from .tables import Tables

SCHEMA_FILE: Final = "_schema.json"


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
        """What databases know the schema by."""
        return schema_digest(self.schema)

    def tables(self, layouts: Mapping[str, Layout]) -> Tables:
        """The tables as they are laid out in a database."""
        return Tables(self.schema, self._models.tables, layouts)
