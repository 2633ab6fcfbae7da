"""All documents of a deployment as they were at one moment, by its streaming export.

That is `/api/list_snapshot`. Servers of one's own have it, Convex's cloud for some plans
(`crates/local_backend/src/streaming_export.rs`); it keeps a moment for long, while queries at a
moment are good for minutes.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple, cast

from pydantic import JsonValue

from .conversation import Conversation
from .exchange import Exchange
from .refusals import unexpected

NOT_ENABLED: Final = "StreamingExportNotEnabled"
"""The code of a refusal where the plan has no streaming export."""

_PATH: Final = "/api/list_snapshot"
_KEPT: Final = ("_id", "_creationTime")


class SnapshotPage(NamedTuple):
    """Some documents in the encoded form, the moment that they are of, and where to go on."""

    documents: list[dict[str, JsonValue]]
    snapshot: int
    cursor: str | None


def snapshot_page(
    conversation: Conversation, table: str, snapshot: int | None, cursor: str | None
) -> Exchange[SnapshotPage]:
    """Documents of a table at a moment, or now, from a cursor on, in the order of their ids."""
    asked: dict[str, Any] = {"tableName": table, "format": "convex_encoded_json"}
    given = {"snapshot": snapshot, "cursor": cursor}
    asked |= {name: value for name, value in given.items() if value is not None}
    answer = yield from conversation.posted(_PATH, json.dumps(asked).encode())
    match answer:
        case {"values": list(), "snapshot": int(moment), "hasMore": bool(more)}:
            after = answer.get("cursor") if more else None
            values = cast("list[dict[str, JsonValue]]", answer["values"])
            if more is (after is not None):
                documents = [_document(value) for value in values]
                return SnapshotPage(documents, moment, after)
        case _:
            pass
    raise unexpected(conversation.origin, f"{_PATH} gives no page of documents")


def _document(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A document without what the export says of it."""
    return {
        name: item for name, item in value.items() if name in _KEPT or name[:1] != "_"
    }
