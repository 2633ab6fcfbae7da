"""Who says whether a document fits: the schema, its JSON Schema, and the models of either."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import ValidationError

from codegen.interop.json_schema.documents import Definitions
from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import ANY, NUMBER, STRING, JsonValue, Named, Object, Type, Union
from tests.cases.cases import codegen

Judge = Callable[[str, JsonValue], bool]
"""Whether a document fits; it is of a table, or a new one of a `<table> new`."""

NEW = " new"


def arms(document: Type, schema: Schema) -> Iterator[Type]:
    """The objects that a document may be, or `Any`."""
    if isinstance(document, Union):
        for arm in document.arms:
            yield from arms(arm, schema)
    elif isinstance(document, Named):
        yield from arms(schema.types[document.name].type, schema)
    else:
        yield document


def the_schema(schema: Schema) -> Judge:
    """What the schema itself says."""

    def judge(kind: str, value: JsonValue) -> bool:
        if not isinstance(value, dict):
            return False
        table = schema.tables[kind.removesuffix(NEW)]
        own = dict(value)
        if not kind.endswith(NEW):
            for name, type_ in (("_id", STRING), ("_creationTime", NUMBER)):
                if name not in own or not fits(own.pop(name), type_, schema):
                    return False
        return any(
            _fits_arm({**_defaults(arm, kind), **own}, arm, schema)
            for arm in arms(table.document, schema)
        )

    return judge


def _defaults(arm: Type, kind: str) -> dict[str, JsonValue]:
    if not (isinstance(arm, Object) and kind.endswith(NEW)):
        return {}
    return {f.name: f.default.value for f in arm.fields if f.default is not None}


def _fits_arm(value: dict[str, JsonValue], arm: Type, schema: Schema) -> bool:
    # `{"$integer": …}` is a value of `Any`, but no document.
    if arm == ANY and any(name[:1] in ("_", "$") for name in value):
        return False
    return fits(value, arm, schema)


def with_new_documents(exported: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema with new documents as further kinds of documents."""
    properties = dict(exported["properties"])
    for table, documents in exported["properties"].items():
        definition = documents["items"]["$ref"] + "New"
        properties[table + NEW] = {"items": {"$ref": definition}, "type": "array"}
    return {**exported, "properties": properties}


def as_json_schema(schema: Schema, document: dict[str, Any]) -> dict[str, Any]:
    """The components of an OpenAPI document as the JSON Schema of all kinds of documents."""
    names = Definitions(schema).documents
    references = {
        kind: {"items": {"$ref": f"#/components/schemas/{name}"}, "type": "array"}
        for table, of in names.items()
        for kind, name in ((table, of), (table + NEW, f"{of}New"))
    }
    return {
        "additionalProperties": False,
        "components": document["components"],
        "properties": references,
        "type": "object",
    }


def with_all_documents(schema: Schema, document: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document with one more component, `Model`: all kinds of documents."""
    whole = as_json_schema(schema, document)
    components = whole.pop("components")
    schemas = {**components["schemas"], "Model": whole}
    return {**document, "components": {**components, "schemas": schemas}}


def the_json_schema(exported: dict[str, Any]) -> Judge:
    """What a validator of JSON Schema says."""
    whole = {key: exported[key] for key in ("$defs", "components") if key in exported}
    validators = {
        kind: Draft202012Validator({**whole, **documents["items"]})
        for kind, documents in exported["properties"].items()
    }
    return lambda kind, value: validators[kind].is_valid(value)


@contextmanager
def our_models(schema_file: Path, folder: Path) -> Generator[Judge]:
    """What the package says that `codegen generate` makes."""
    output = folder / "our_models"
    argv = ["generate", "--schema", str(schema_file), "--output", str(output)]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors
    sys.path.insert(0, str(folder))
    try:
        tables = import_module("our_models.server").schema.tables
        yield lambda kind, value: _ours_accept(tables, kind, json.dumps(value))
    finally:
        sys.path.remove(str(folder))
        for name in [n for n in sys.modules if n.partition(".")[0] == "our_models"]:
            del sys.modules[name]


def _ours_accept(tables: Any, kind: str, text: str) -> bool:
    models = tables[kind.removesuffix(NEW)]
    if kind.endswith(NEW):
        return any(_accepts(new.from_wire_json, text) for new in models.news)
    return _accepts(models.arms.from_wire_json, text)


@contextmanager
def their_models(exported: dict[str, Any]) -> Generator[Judge]:
    """What the models say that datamodel-code-generator makes of JSON Schema or OpenAPI."""
    name = "their_models"
    module = sys.modules[name] = ModuleType(name)
    try:
        exec(_their_code(exported), vars(module))
        read = vars(module)["Model"].model_validate_json
        yield lambda kind, value: _accepts(read, json.dumps({kind: [value]}))
    finally:
        del sys.modules[name]


def _their_code(exported: dict[str, Any]) -> str:
    """As strict as their options go: no coercion, and null is not the same as absent."""
    from datamodel_code_generator import InputFileType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType, StrictTypes

    options: dict[str, Any] = {
        "input_file_type": (
            InputFileType.OpenAPI if "openapi" in exported else InputFileType.JsonSchema
        ),
        "output_model_type": DataModelType.PydanticV2BaseModel,
        "target_python_version": PythonVersion.PY_311,
        "target_pydantic_version": "2.12",
        "strict_types": list(StrictTypes),
        "strict_nullable": True,
        "use_missing_sentinel": True,
        "field_constraints": True,
        "use_annotated": True,
        "enum_field_as_literal": "all",
        "formatters": [],
    }
    code = generate(json.dumps(exported), **options)
    assert isinstance(code, str)
    return code


def _accepts(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValidationError:
        return False
    return True
