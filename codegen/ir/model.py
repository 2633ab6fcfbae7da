"""A whole schema: tables, their indexes, named types, and the functions of a deployment.

A node is addressed by a path (`codegen.diagnostics.Path`):

- `("tables", t)`: the table, at its name; `("tables", t, "model")` and other own keys
- `("tables", t, "document", *steps)`: its document type and the types inside
- `("tables", t, "stagedDocument", *steps)`
- `("tables", t, "indexes", i)`: the i-th database index, at its name;
  `(…, "fields", k)`: its k-th field; the same for `"searchIndexes"` and `"vectorIndexes"`
  with `"field"`, `("filters", k)` and `"dimensions"`
- `("types", n)`: a named type, at its name; `("types", n, "type", *steps)`: what it stands for
- `("functions", p)`: a function, at its path; `("functions", p, "args", *steps)` and
  `("functions", p, "returns", *steps)`

Steps into a type: `"field", name` (then, to go on, the steps into the field's type), `"element"`,
`"key"`, `"value"`, `"arm", i`, `"inner"`. A path may end in `"table"` (the table of an id
or a document), `"default"`, or `"constraint", i`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .types import ANY, Type


@dataclass(frozen=True, slots=True)
class Index:
    """A database index; `fields` are dotted paths, without the appended `_creationTime`."""

    name: str
    fields: tuple[str, ...]
    unique: bool = False
    staged: bool = False


@dataclass(frozen=True, slots=True)
class SearchIndex:
    name: str
    field: str
    filters: tuple[str, ...] = ()
    staged: bool = False


@dataclass(frozen=True, slots=True)
class VectorIndex:
    name: str
    field: str
    dimensions: int
    filters: tuple[str, ...] = ()
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its document is an object, a union of objects (or of names of objects), or any."""

    name: str
    document: Type
    indexes: tuple[Index, ...] = ()
    search_indexes: tuple[SearchIndex, ...] = ()
    vector_indexes: tuple[VectorIndex, ...] = ()
    description: str = ""
    model: str | None = None
    renamed_from: str | None = None
    staged_document: Type | None = None

    @property
    def side_indexes(self) -> tuple[SearchIndex | VectorIndex, ...]:
        """The search and the vector indexes."""
        return (*self.search_indexes, *self.vector_indexes)


@dataclass(frozen=True, slots=True)
class NamedType:
    name: str
    type: Type
    description: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a deployment: `path` is `messages:list`, or `admin/users:get` in a folder.

    `args` is an object, or any where the function takes whatever it is given; `returns` is None
    where nobody says what comes back.
    """

    path: str
    kind: Literal["query", "mutation", "action"]
    visibility: Literal["public", "internal"] = "public"
    args: Type = ANY
    returns: Type | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables, named types and functions by name; their order has no meaning of its own."""

    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    types: Mapping[str, NamedType] = field(default_factory=dict[str, NamedType])
    schema_validation: bool = True
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
