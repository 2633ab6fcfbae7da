"""Reads documents of a deployment without code of ours there, through functions of its dashboard.

They are under `_system/` in convex-backend, `npm-packages/system-udfs/convex`. Convex does not
document them: what they give is looked at, not trusted.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn, cast

from codegen.convex.administration import numbered_tables
from codegen.convex.errors import FunctionNotFound, UnexpectedAnswer, Unsupported
from codegen.convex.exchange import Exchange
from codegen.ir.types import JsonValue
from codegen.ir.values import encode
from codegen.runtime.errors import InvalidId, InvalidQuery
from codegen.runtime.ids import D, Id
from codegen.runtime.operations import Page
from codegen.runtime.presence import Absent
from codegen.runtime.queries import Paginate, Query, SearchQuery, Selection
from codegen.runtime.ranges import Range
from codegen.runtime.vectors import Scored, VectorQuery

from ..bounds import IndexField
from ..commands import Scan
from ..field_keys import CREATION_TIME, JsonObject
from ..reads import scan_of, table_of
from ..references import id_fault
from ..tables import StoredTable
from .batch import Batch
from .checks import checked_id
from .documents import Documents, parsed
from .questions import Arguments

_READ: Final = "_system/frontend/paginatedTableDocuments"
# What stands there for a value that is not there (`_system/frontend/lib/values.ts`).
_UNDEFINED: Final = (
    "__CONVEX_PLACEHOLDER_undefined_I23atX0jcndVbFgXoQZffsih7eAqktCyFjgUuAeNBtfr3ySOljPSPS"
    "EOPFgprkdBO3zXNiGEJxmJ5ZFPc5C5qKesG80QRPvlJe8vgSxAt9feLTwxTg4PHfVwUaTEJU67FDwldWmTxp1"
    "guMPwxQ2jOuhEryTBf3mQ"
)
_HELP: Final = (
    " needs functions that are deployed for it: write them with `codegen export --to"
    ' convex-helper > convex/tablewright.ts`, deploy them, and leave out `documents="system"`'
)


class SystemDocuments(Documents):
    """The documents of one deployment, to be read only."""

    def get(self, id: Id[D]) -> Exchange[D | None]:
        table = table_of(self._tables, id)
        text = checked_id(table, id)
        wanted: JsonValue = {"op": "eq", "field": "_id", "value": text}
        page: Arguments = {"numItems": 1.0, "cursor": None}
        found, _ = yield from self._read(table, {"clauses": [wanted]}, page)
        if found:
            return parsed(table, found)[0]
        # Nothing is found for what is no id of this table, either.
        names = yield from numbered_tables(self._conversation)
        if fault := id_fault(text, names, (table.name,)):
            raise InvalidId(table.name, text, fault)
        return None

    def batch(self) -> Batch:
        _refuse("to write")

    def _search(self, query: SearchQuery[D], count: int | None) -> Exchange[list[D]]:
        _refuse("to search")

    def _nearest(self, query: VectorQuery[D]) -> Exchange[list[Scored[D]]]:
        _refuse("to search")

    def _page(self, asked: Paginate[D]) -> Exchange[Page[D]]:
        if isinstance(asked.query, SearchQuery):
            _refuse("to search")
        if asked.maximum_rows_read is not None:
            _refuse("a limit of rows that a page reads")
        return super()._page(asked)

    def _paged(
        self, query: Selection[D], page: Arguments, moment: str | None = None
    ) -> Exchange[tuple[list[D], str | None]]:
        table, scan = scan_of(self._tables, cast("Query[D]", query))
        fields = table.by_name[query.index].fields
        clauses: list[JsonValue] = [*_clauses(fields, cast("Query[D]", query).bounds)]
        filters: Arguments = {
            "clauses": [],
            "order": "desc" if scan.descending else "asc",
            "index": {"name": query.index, "clauses": clauses},
        }
        found, after = yield from self._read(table, filters, page, moment)
        return parsed(table, self._checked(table, scan, found)), after

    def _read(
        self,
        table: StoredTable[Any],
        filters: Arguments,
        page: Arguments,
        moment: str | None = None,
    ) -> Exchange[tuple[list[JsonObject], str | None]]:
        text = b64encode(json.dumps(filters).encode()).decode()
        asked: JsonValue = {
            "table": table.name,
            "filters": text,
            "paginationOpts": page,
        }
        try:
            answer = yield from self._conversation.function(
                "query", _READ, asked, moment
            )
        except FunctionNotFound as error:
            reason = "the deployment has no functions of a dashboard: this"
            raise Unsupported(reason + _HELP) from error
        match answer:
            case {"page": [{"error": str(reason), "filter": _}, *_]}:
                raise InvalidQuery(f"the deployment does not run it: {reason}")
            case {"page": list(found), "isDone": True}:
                return self._documents_in(found), None
            case {"page": list(found), "continueCursor": str(after)}:
                return self._documents_in(found), after
            case _:
                raise self._unexpected("no page")

    def _documents_in(self, found: Sequence[JsonValue]) -> list[JsonObject]:
        for one in found:
            match one:
                case {"_id": str(), "_creationTime": float() | int()}:
                    pass
                case _:
                    raise self._unexpected("what is no document")
        return cast("list[JsonObject]", found)

    def _checked(
        self, table: StoredTable[Any], scan: Scan, found: Sequence[JsonObject]
    ) -> list[JsonObject]:
        """What is in the stretch; raises where it is in another order than was asked for.

        A server of another version may not know what is meant by an index, and not say so.
        """
        index = table.by_name[scan.index_name]
        last: bytes | None = None
        kept: list[JsonObject] = []
        for document in found:
            end = table.key_end(str(document["_id"]), _time(document))
            key = index.prefix(document) + end
            if last is not None and (key < last if not scan.descending else key > last):
                raise self._unexpected("documents in another order than the index has")
            last = key
            if scan.lower <= key < scan.upper:
                kept.append(document)
        return kept

    def _unexpected(self, what: str) -> UnexpectedAnswer:
        origin = self._conversation.origin
        return UnexpectedAnswer(f"{origin}: `{_READ}` gives {what}: this{_HELP}")


def _time(document: JsonObject) -> float:
    return float(cast(float, document[CREATION_TIME]))


def _refuse(what: str) -> NoReturn:
    raise Unsupported(what + _HELP)


def _clauses(
    fields: Sequence[IndexField], bounds: Sequence[object]
) -> Iterator[Arguments]:
    for field, bound in zip(fields, bounds, strict=False):
        if isinstance(bound, Range):
            yield from _range(field, cast("Range[object]", bound))
            return
        yield {"type": "indexEq", "enabled": True, "value": _value(field, bound)}


def _range(field: IndexField, range_: Range[object]) -> Iterator[Arguments]:
    clause: Arguments = {"type": "indexRange", "enabled": True}
    if lower := range_.lower:
        clause["lowerOp"] = "gte" if lower.inclusive else "gt"
        clause["lowerValue"] = _value(field, lower.value)
    if upper := range_.upper:
        clause["upperOp"] = "lte" if upper.inclusive else "lt"
        clause["upperValue"] = _value(field, upper.value)
    if range_.lower or range_.upper:
        yield clause


def _value(field: IndexField, bound: object) -> JsonValue:
    value = field.value(bound)
    return _UNDEFINED if isinstance(value, Absent) else encode(value)
