"""What the user may say about an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_TEXTS: Final = ("json-schema", "openapi", "graphql", "json", "jsonl", "python")
_DATABASES: Final = ("sqlite", "postgresql")
TAKEN_BY: Final[Mapping[str, tuple[str | None, ...]]] = {
    "--table": (*_TEXTS, *_DATABASES),
    "--integers": (*_TEXTS, *_DATABASES),
    "--id-suffix": _TEXTS,
    "--cycles": _TEXTS,
    "--references": _TEXTS,
    "--allow-remote": ("json-schema", "openapi"),
    "--sql-schema": ("postgresql",),
    "--evaluate": (None,),
}
"""The kinds of sources to which an option says something; None are schemas of other commands."""


@dataclass(frozen=True, slots=True)
class Options:
    """`tables` are the definitions to make tables of; none means the source's own choice.

    `references` says what a reference to a definition that is a table becomes: `embed` writes
    its fields out, `id` is the id of a document; without it that depends on the kind of source.

    `cycles` is `error` or `any`; `integers` is `int` or `float`; `id_suffixes` are what names
    of fields end in that hold ids; `sql_schema` is that of a PostgreSQL database.
    """

    tables: tuple[str, ...] = ()
    id_suffixes: tuple[str, ...] = ()
    integers: str = "int"
    cycles: str = "error"
    references: str | None = None
    allow_remote: bool = False
    sql_schema: str | None = None
