"""References, tables, ids and names: whole sources and what comes of them."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from .importing import of_json, of_text, told

LINE = {
    "type": "object",
    "properties": {"sku": {"type": "string"}},
    "required": ["sku"],
    "additionalProperties": False,
}


def _table(field: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"a": {"$ref": field}},
        "additionalProperties": False,
        **more,
    }


@pytest.mark.parametrize(
    ("reference", "definitions"),
    [
        ("#/$defs/Line", {"$defs": {"Line": LINE}}),
        ("#/definitions/Line", {"definitions": {"Line": LINE}}),
        ("#Line", {"$defs": {"Line": LINE | {"$anchor": "Line"}}}),
        ("https://e.com/Line", {"$defs": {"Line": LINE | {"$id": "https://e.com/Line"}}}),
        ("Line", {"$id": "https://e.com/a", "$defs": {"Line": LINE | {"$id": "Line"}}}),
        ("#/$defs/a~1b%25c", {"$defs": {"a/b%c": LINE}}),
        ("other.json", {}),
        ("other.json#/$defs/Line", {}),
    ],
)  # fmt: skip
def test_where_references_lead(
    tmp_path: Path, reference: str, definitions: dict[str, Any]
) -> None:
    other = LINE | {"$defs": {"Line": LINE}}
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
    text, found = of_json(tmp_path, _table(reference, **definitions))
    assert found == []
    assert text is not None
    assert ": {sku: str}\n" in text.split("tables:")[0]


@pytest.mark.parametrize("way", ["absolute", "above", "link", "link to a folder"])
def test_files_elsewhere_are_not_opened(tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(LINE) if way == "above" else "secret word", "utf-8")
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "link.json").symlink_to(secret)
    (folder / "around").symlink_to(tmp_path)
    reference = {
        "absolute": str(secret),
        "above": "../secret.json",
        "link": "link.json",
        "link to a folder": "around/secret.json",
    }[way]
    text, found = of_json(folder, _table(reference))
    message = f"`{reference}` is not in the folder of the source, and is not opened"
    assert (text, told(found)) == (None, [f"6:4 E808 {message}"])
    text, found = of_json(folder, _table(f"{tmp_path}/not-there.json"))
    assert [d.code for d in found] == ["E808"]


def test_files_below_refer_to_files_beside(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    part = {"$ref": "../line.json"}
    (tmp_path / "parts" / "one.json").write_text(json.dumps(part), "utf-8")
    (tmp_path / "line.json").write_text(json.dumps(LINE), "utf-8")
    text, found = of_json(tmp_path, _table("parts/one.json"))
    assert (found, text and "{sku: str}" in text) == ([], True)


def test_a_reference_that_leads_nowhere(tmp_path: Path) -> None:
    text, found = of_json(tmp_path, _table("#/$defs/No"))
    assert text is None
    assert told(found) == ["6:4 E803 `#/$defs/No` leads nowhere"]


def test_other_machines_are_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    text, found = of_json(tmp_path, _table("https://example.com/a.json"))
    assert text is None
    assert [d.code for d in found] == ["E802"]


def test_other_machines_are_asked_where_that_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "line.json").write_text(json.dumps(LINE), "utf-8")

    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path))

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        document = _table(f"{address}/line.json")
        text, found = of_json(tmp_path, document, allow_remote=True)
        assert (found, text and "sku: str" in text) == ([], True)
        document = _table(f"{address}/none.json")
        text, found = of_json(tmp_path, document, allow_remote=True)
        assert (text, [d.code for d in found]) == (None, ["E802"])
        server.shutdown()


def test_a_type_that_contains_itself(tmp_path: Path) -> None:
    node = {
        "type": "object",
        "properties": {"next": {"$ref": "#/$defs/Node"}, "up": {"$ref": "#"}},
        "additionalProperties": False,
    }
    document = _table("#/$defs/Node", title="Top", **{"$defs": {"Node": node}})
    text, found = of_json(tmp_path, document)
    assert text is None
    assert [d.code for d in found] == ["E804", "E804"]
    text, found = of_json(tmp_path, document, cycles="any")
    assert [d.code for d in found] == ["W805", "W805"]
    assert text == """\
types:
  Node: {next?: AnyNode, up?: AnyTop}
  AnyNode: Any  # Node, which contains itself
  AnyTop: Any  # Top, which contains itself

tables:
  tops:
    fields:
      a?: Node
"""


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/A"},
        {"allOf": [{"$ref": "#/$defs/A"}]},
        {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/A"}]},
        {"type": "object", "allOf": [{"$ref": "#/$defs/A"}, {"minProperties": 1}]},
    ],
    ids=str,
)
def test_a_schema_that_only_refers_to_itself(tmp_path: Path, schema: Any) -> None:
    document = _table("#/$defs/A", **{"$defs": {"A": schema}})
    text, found = of_json(tmp_path, document)
    assert (text, {d.code for d in found}) == (None, {"E804"})


DEFINITIONS = {
    "Order": {
        "type": "object",
        "required": ["ownerId", "line_ids"],
        "properties": {
            "ownerId": {"type": "string"},
            "line_ids": {"type": "array", "items": {"type": "string"}},
            "other_id": {"type": "string"},
            "line": {"$ref": "#/$defs/Line"},
        },
        "additionalProperties": False,
    },
    "Line": LINE,
    "Lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
    "Owner": {
        "type": "object",
        "properties": {"_note": {"type": "string"}, "name": {"type": "string"}},
        "additionalProperties": False,
    },
}


def test_tables_of_definitions_and_ids(tmp_path: Path) -> None:
    document = {"$defs": DEFINITIONS}
    text, found = of_json(tmp_path, document, id_suffixes=("Id",))
    assert [d.code for d in found] == ["W806"]
    assert text == """\
types:
  Line: {sku: str}

tables:
  orders:
    fields:
      ownerId: Id[owners]
      line_ids: list[str]
      other_id?: str
      line?: Line

  owners:
    fields:
      name?: str
"""


def test_tables_that_are_asked_for(tmp_path: Path) -> None:
    text, found = of_json(
        tmp_path,
        {"$defs": DEFINITIONS},
        tables=("Line", "Order"),
        id_suffixes=("Id",),
        references="id",
    )
    assert [d.code for d in found] == ["W810"]
    assert text == """\
tables:
  lines:
    model: Line
    fields:
      sku: str

  orders:
    fields:
      ownerId: str
      line_ids: list[Id[lines]]
      other_id?: str
      line?: Id[lines]
"""
    text, found = of_json(tmp_path, {"$defs": DEFINITIONS}, tables=("Lime",))
    assert (text, found[0].code) == (None, "E805")
    assert "`Line`" in found[0].hint
    text, found = of_json(tmp_path, {"$defs": DEFINITIONS}, tables=("Lines",))
    assert (text, [d.code for d in found]) == (None, ["E805"])


def test_a_table_whose_type_others_use_gets_a_class_of_its_own(tmp_path: Path) -> None:
    text, _ = of_json(tmp_path, {"$defs": DEFINITIONS}, tables=("Order", "Line"))
    assert text is not None
    assert "  Line: {sku: str}\n" in text
    assert "  lines:\n    model: LineDocument\n" in text


def test_integers_as_convex_has_them(tmp_path: Path) -> None:
    document = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 1}, "k": {"enum": [1]}},
        "additionalProperties": False,
    }
    text, found = of_json(tmp_path, document, integers="float")
    assert (found, text and text.split("fields:\n")[1]) == (
        [],
        "      n?: Annotated[float, Ge(1)]\n      k?: Literal[1.0]\n",
    )


def test_openapi_in_yaml(tmp_path: Path) -> None:
    source = """\
openapi: 3.0.0
components:
  schemas:
    Base: &base
      type: object
      required: [at]
      properties: {at: {type: string, format: date-time, nullable: true}}
    Event:
      allOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Kind'}]
    Kind: {type: object, properties: {on: {type: boolean, enum: [true]}}}
    Copy: {<<: *base, description: Once more.}
"""
    text, found = of_text(tmp_path, "api.yaml", source)
    assert told(found) == [
        "4:11 W802 3 objects of the source may have other fields, too; here they are closed"
    ]
    assert text == """\
tables:
  events:
    fields:
      at: str | None  # format: date-time
      on?: Literal[True]

  copies:
    description: Once more.
    model: Copy
    fields:
      at: str | None  # format: date-time
"""
