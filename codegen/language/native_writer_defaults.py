"""Defaults as Python literals, and as YAML."""

from __future__ import annotations

import math
from collections.abc import Callable
from json.encoder import encode_basestring

from codegen.ir.model import Schema
from codegen.ir.types import Default, Type
from codegen.ir.values import Value, decode

from .adaptation import adapted
from .native_writer_text import double_quoted, scalar
from .native_writer_types import printable


def default_literal(default: Default, node: Type, schema: Schema) -> str:
    """What stands behind the `=`. Raises ValueError for a value that no file can hold."""
    return _written(default, node, schema, _python)


def default_yaml(default: Default, node: Type, schema: Schema) -> str:
    """What stands behind `$default:`. Raises ValueError for a value that no file can hold."""
    return _written(default, node, schema, _yaml)


def _written(
    default: Default, node: Type, schema: Schema, write: Callable[[Value], str]
) -> str:
    """The shortest form that is read as this value."""
    value = decode(default.value)
    for candidate in (_with_integers(value), value):
        if repr(adapted(candidate, node, schema)) == repr(value):
            return write(candidate)
    raise ValueError(f"this default can't be written for its type: {value!r:.80}")


def _with_integers(value: Value) -> Value:
    """The value with whole numbers written as people do: 1 for 1.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, list):
        return [_with_integers(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_integers(item) for name, item in value.items()}
    return value


def _python(value: Value) -> str:
    if isinstance(value, str):
        return printable(encode_basestring(value))
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    if isinstance(value, dict):
        items = (f"{_python(name)}: {_python(item)}" for name, item in value.items())
        return "{" + ", ".join(items) + "}"
    return _atom(value)


def _yaml(value: Value) -> str:
    if isinstance(value, str):
        return double_quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, dict):
        # A `?` at the end of a key counts for nothing where two keys are compared.
        if "" in value or len({name.removesuffix("?") for name in value}) < len(value):
            raise ValueError(f"YAML can't have these keys together: {[*value]}")
        items = (f"{_yaml_key(name)}: {_yaml(item)}" for name, item in value.items())
        return "{" + ", ".join(items) + "}"
    return _atom(value)


def _yaml_key(name: str) -> str:
    return "'<<'" if name == "<<" else scalar(name, inside=True)


def _atom(value: bytes | bool | int | float | None) -> str:
    if isinstance(value, bytes):
        return 'b"' + "".join(f"\\x{byte:02x}" for byte in value) + '"'
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    if isinstance(value, float) and math.isnan(value):
        raise ValueError("a NaN has no literal")
    return repr(value)
