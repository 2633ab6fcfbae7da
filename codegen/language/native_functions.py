"""Functions of a deployment: what they take and what they give."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from typing import Final, Literal, TypeVar

from codegen.diagnostics import closest
from codegen.ir.model import Function
from codegen.ir.types import ANY, Type

from .comments import comment_beside
from .native_fields import read_described, read_object, refuse_dollar_keys
from .reading import Reading
from .yaml_tree import Entry, Mapping

FUNCTION_KEYS: Final = ("kind", "visibility", "description", "args", "returns")
_KINDS: Final[dict[str, Literal["query", "mutation", "action"]]] = {
    "query": "query",
    "mutation": "mutation",
    "action": "action",
}
_VISIBILITIES: Final[dict[str, Literal["public", "internal"]]] = {
    "public": "public",
    "internal": "internal",
}
T = TypeVar("T")


def read_function(reading: Reading, path: str, entry: Entry) -> Function:
    """The function of an entry; `Any` stands in for a type that cannot be read."""
    hint = "write `kind: query`, `kind: mutation` or `kind: action`"
    mapping = reading.mapping(entry, hint)
    if mapping is None:
        return Function(path, "query")
    reading.check_keys(mapping, FUNCTION_KEYS, f"function `{path}`")
    entries = mapping.entries
    if "kind" not in entries:
        reading.fault("E102", entry.key, f"function `{path}` has no kind", hint)
    description = entries.get("description")
    return Function(
        path,
        _one_of(reading, entries.get("kind"), _KINDS) or "query",
        _one_of(reading, entries.get("visibility"), _VISIBILITIES) or "public",
        _read_arguments(reading, entries["args"]) if "args" in entries else ANY,
        _read_result(reading, entries["returns"]) if "returns" in entries else None,
        (
            reading.word(description) or ""
            if description
            else comment_beside(reading.text, entry)
        ),
    )


def _one_of(
    reading: Reading, entry: Entry | None, known: AbstractMapping[str, T]
) -> T | None:
    word = reading.word(entry) if entry else None
    if entry is None or word is None or word in known:
        return known.get(word or "")
    hint = closest(word, known) or f"write {' or '.join(known)}"
    message = f"`{entry.key.text}` can't be `{word}`"
    reading.fault("E111", entry.value, message, hint)
    return None


def _read_arguments(reading: Reading, entry: Entry) -> Type:
    """Fields by name, or the name of a type that is an object."""
    if isinstance(entry.value, Mapping):
        message = "describes one argument, not all of them"
        refuse_dollar_keys(reading, entry.value, message)
        return read_object(reading, entry.value)
    return read_described(reading, entry, ()).type


def _read_result(reading: Reading, entry: Entry) -> Type:
    return read_described(reading, entry, ("$type",)).type
