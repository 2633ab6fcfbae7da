"""One schema of any number of tables, as each generator reads it.

A table has twelve fields, among them a nested object, a union of literals and an id, and an
index. Files are written table by table: a process begins with the peak memory of its parent,
so this one has to stay small.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]

STATUSES: Final = ("draft", "open", "closed")


def write_yaml(path: Path, tables: int, edited: int | None = None) -> None:
    """Our own language; the table of the number `edited` has one field more."""
    with path.open("w", encoding="utf-8") as file:
        file.write("tables:\n")
        for number in range(tables):
            extra = "      editedAt?: float\n" if number == edited else ""
            file.write(
                f"  item{number}:\n"
                "    fields:\n"
                "      title: str\n"
                "      body?: str\n"
                f"      status: Literal{json.dumps(STATUSES)}\n"
                "      priority: float\n"
                "      revision: int\n"
                "      done: bool\n"
                f"      parentId?: Id[{_parent(number, tables)}]\n"
                "      tags: list[str]\n"
                "      labels: dict[str, str]\n"
                "      settings: {theme: str, wide: bool, size?: float}\n"
                "      reviewedAt: float | None\n"
                "      extra?: Any\n"
                f"{extra}"
                "    indexes:\n"
                "      by_parent: [parentId, status]\n"
            )


def write_typescript(path: Path, tables: int) -> None:
    """The same schema as a Convex developer writes it."""
    statuses = ", ".join(f'v.literal("{status}")' for status in STATUSES)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            'import { defineSchema, defineTable } from "convex/server";\n'
            'import { v } from "convex/values";\n\n'
            f"const status = v.union({statuses});\n\n"
            "export default defineSchema({\n"
        )
        for number in range(tables):
            file.write(
                f"  item{number}: defineTable({{\n"
                "    title: v.string(),\n"
                "    body: v.optional(v.string()),\n"
                "    status,\n"
                "    priority: v.number(),\n"
                "    revision: v.int64(),\n"
                "    done: v.boolean(),\n"
                f'    parentId: v.optional(v.id("{_parent(number, tables)}")),\n'
                "    tags: v.array(v.string()),\n"
                "    labels: v.record(v.string(), v.string()),\n"
                "    settings: v.object({\n"
                "      theme: v.string(),\n"
                "      wide: v.boolean(),\n"
                "      size: v.optional(v.number()),\n"
                "    }),\n"
                "    reviewedAt: v.union(v.number(), v.null()),\n"
                "    extra: v.optional(v.any()),\n"
                '  }).index("by_parent", ["parentId", "status"]),\n'
            )
        file.write("});\n")


def write_convex_json(path: Path, tables: int) -> None:
    """What `schema.export()` of Convex gives for the same schema."""
    items = (_convex_table(number, tables) for number in range(tables))
    _write(path, '{"tables":[', map(_compact, items), '],"schemaValidation":true}')


def write_json_schema(path: Path, tables: int) -> None:
    """The same documents in JSON Schema, as plainly as they can be said."""
    items = (f'"Item{number}":{_compact(_DOCUMENT)}' for number in range(tables))
    _write(path, '{"$defs":{', items, "}}")


def _parent(number: int, tables: int) -> str:
    return f"item{(number * 7 + 1) % tables}"


def _write(path: Path, before: str, items: Iterable[str], after: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for number, item in enumerate(items):
            file.write(f",{item}" if number else item)
        file.write(after)


def _compact(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))


def _convex_table(number: int, tables: int) -> Json:
    string, boolean = {"type": "string"}, {"type": "boolean"}
    float_, null = {"type": "number"}, {"type": "null"}
    literals = [{"type": "literal", "value": status} for status in STATUSES]
    settings = _convex_object({"theme": string, "wide": boolean, "size?": float_})
    labels = {"type": "record", "keys": string, "values": _convex_field(string)}
    document = {
        "title": string,
        "body?": string,
        "status": {"type": "union", "value": literals},
        "priority": float_,
        "revision": {"type": "bigint"},
        "done": boolean,
        "parentId?": {"type": "id", "tableName": _parent(number, tables)},
        "tags": {"type": "array", "value": string},
        "labels": labels,
        "settings": settings,
        "reviewedAt": {"type": "union", "value": [float_, null]},
        "extra?": {"type": "any"},
    }
    index = {"indexDescriptor": "by_parent", "fields": ["parentId", "status"]}
    return {
        "tableName": f"item{number}",
        "indexes": [index],
        "searchIndexes": [],
        "vectorIndexes": [],
        "documentType": _convex_object(document),
    }


def _convex_object(fields: Json) -> Json:
    value = {
        name.removesuffix("?"): _convex_field(type_, optional=name.endswith("?"))
        for name, type_ in fields.items()
    }
    return {"type": "object", "value": value}


def _convex_field(type_: Json, *, optional: bool = False) -> Json:
    return {"fieldType": type_, "optional": optional}


def _json_object(fields: Json) -> Json:
    return {
        "type": "object",
        "properties": {name.removesuffix("?"): type_ for name, type_ in fields.items()},
        "required": [name for name in fields if not name.endswith("?")],
        "additionalProperties": False,
    }


_STRING: Final = {"type": "string"}
_DOCUMENT: Final = _json_object(
    {
        "_id": _STRING,
        "_creationTime": {"type": "number"},
        "title": _STRING,
        "body?": _STRING,
        "status": {"enum": list(STATUSES)},
        "priority": {"type": "number"},
        "revision": {"type": "integer"},
        "done": {"type": "boolean"},
        "parentId?": _STRING,
        "tags": {"type": "array", "items": _STRING},
        "labels": {"type": "object", "additionalProperties": _STRING},
        "settings": _json_object(
            {"theme": _STRING, "wide": {"type": "boolean"}, "size?": {"type": "number"}}
        ),
        "reviewedAt": {"type": ["number", "null"]},
        "extra?": {},
    }
)
