"""The query methods of search and vector indexes, whose filters are given by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from codegen.ir.model import SearchIndex, VectorIndex

from ..annotations import marked
from ..code import Call, Code, Sub, dotted, entries, identifier, literal
from ..docstrings import docstring
from ..layout import (
    BODY,
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    SELF,
    Parameter,
    returned,
    signature,
)
from ..names import filter_names, free_name
from .indexes import IndexView, Method

_LIMIT: Final = identifier("limit")
_DEFAULT_LIMIT: Final = 10
"""As on the server."""


def search_view(
    method: Method, index: SearchIndex | VectorIndex, python_name: str
) -> IndexView:
    annotator = method.annotator
    names = filter_names(index.filters)
    vectors = isinstance(index, VectorIndex)
    given = identifier(free_name("vector" if vectors else "text", names.values()))
    unfiltered = annotator.imports.runtime("UNFILTERED") if names else Code()
    filters: list[Code] = []
    for path, name in names.items():
        type_ = method.compared(path)
        if vectors and type_ != "Any":
            any_of = Sub(annotator.imports.runtime("AnyOf"), (type_,))
            type_ = marked(type_, any_of)
        filters.append(Parameter(identifier(name), type_, unfiltered))
    wanted = _by_path(names)
    if vectors:
        numbers = Sub(
            annotator.imports.use("collections.abc", "Iterable"), (identifier("float"),)
        )
        limit = Parameter(_LIMIT, identifier("int"), literal(_DEFAULT_LIMIT))
        params = [Parameter(given, numbers), POSITIONAL_ONLY, KEYWORD_ONLY, limit]
        call = Call(
            dotted("self._nearest"), (literal(index.name), given, _LIMIT, wanted)
        )
    else:
        params = [Parameter(given, identifier("str")), POSITIONAL_ONLY]
        params += [KEYWORD_ONLY] if filters else []
        call = Call(dotted("self._search"), (literal(index.name), given, wanted))
    query = annotator.imports.runtime("VectorQuery" if vectors else "SearchQuery")
    return IndexView(
        overloads=(),
        signature=signature(
            identifier(python_name),
            (SELF, *params, *filters),
            Sub(query, (method.document,)),
            BODY,
        ),
        docstring=docstring(_about(index), 8),
        call=returned(call),
    )


def _by_path(names: Mapping[str, str]) -> Code:
    return entries({path: identifier(name) for path, name in names.items()})


def _about(index: SearchIndex | VectorIndex) -> str:
    kind, numbers = "Search", ""
    if isinstance(index, VectorIndex):
        kind, numbers = "Vector", f" ({index.dimensions} dimensions)"
    by = f", filters by ({', '.join(index.filters)})" if index.filters else ""
    return f"{kind} index `{index.name}` on {index.field}{numbers}{by}."
