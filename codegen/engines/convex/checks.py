"""What is checked before a deployment is asked: it would refuse in words of its own, or in none."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from codegen.runtime.documents import New, Patch
from codegen.runtime.errors import InvalidId, ValidationFailed
from codegen.runtime.presence import REMOVE_FORM
from codegen.runtime.wire import writable

from ..field_keys import SYSTEM_FIELDS, JsonObject
from ..limits import check_limits
from ..reads import sent
from ..tables import StoredTable, Tables
from ..writes import fields_of

# As long as the deployment's are, which gives them.
_ID: Final = "0" * 32
_TIME: Final = 1.5


class Changes(NamedTuple):
    """What a patch does to a document."""

    fields: JsonObject
    removed: list[str]


def checked_id(table: StoredTable[Any], id: str) -> str:
    """The text of an id; an `InvalidId` for one that can be none on any deployment."""
    if sent(id) != id:
        raise InvalidId(table.name, id, "an id has letters and digits only")
    return id


def checked_document(
    table: StoredTable[Any], tables: Tables, new: New[Any]
) -> JsonObject:
    """The fields of a whole document.

    Raises a `ValidationFailed` where it does not fit the table or is too large. The ids inside
    are not looked at: which are of which table, only the deployment knows.
    """
    fields = fields_of(table, tables, new, New)
    document = table.checked(_ID, _TIME, table.text(_ID, _TIME, fields))
    return {
        name: value for name, value in document.items() if name not in SYSTEM_FIELDS
    }


def checked_changes(
    table: StoredTable[Any], tables: Tables, patch: Patch[Any]
) -> Changes:
    """The changes of a patch; a `ValidationFailed` where it would be refused by itself."""
    given: JsonObject = json.loads(fields_of(table, tables, patch, Patch))
    removed = [name for name, value in given.items() if value == REMOVE_FORM]
    fields = {name: value for name, value in given.items() if name not in removed}
    text = writable({"_id": _ID, "_creationTime": _TIME, **fields}).decode()
    check_limits(table.name, text, {"_id": _ID, "_creationTime": _TIME, **fields})
    try:
        type(patch).from_wire(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = "".join(f".{name}" for name in first["loc"][:1])
        raise ValidationFailed(table.name, path, first["msg"]) from error
    return Changes(fields, removed)
