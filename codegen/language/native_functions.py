"""Functions of a deployment: what they take and what they give."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
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


KIND_HINT: Final = "write `kind: query`, `kind: mutation` or `kind: action`"


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says of a function: None, or no text, where it is silent."""

    kind: Literal["query", "mutation", "action"] | None = None
    visibility: Literal["public", "internal"] | None = None
    args: Type | None = None
    returns: Type | None = None
    description: str = ""

    def function(self, path: str) -> Function:
        """The function that it says alone."""
        return Function(
            path,
            self.kind or "query",
            self.visibility or "public",
            ANY if self.args is None else self.args,
            self.returns,
            self.description,
        )


def read_function(reading: Reading, path: str, entry: Entry) -> Function:
    """The function of an entry; `Any` stands in for a type that cannot be read."""
    said = read_said(reading, path, entry, KIND_HINT)
    demand_kind(reading, path, entry)
    return said.function(path)


def demand_kind(reading: Reading, path: str, entry: Entry) -> None:
    """Reports that an entry does not say what kind of function it is about."""
    if isinstance(entry.value, Mapping) and "kind" not in entry.value.entries:
        message = f"function `{path}` has no kind"
        reading.fault("E102", entry.key, message, KIND_HINT)


def read_said(reading: Reading, path: str, entry: Entry, hint: str) -> Said:
    """What an entry says; `hint` is for one that is no mapping."""
    mapping = reading.mapping(entry, hint)
    if mapping is None:
        return Said()
    reading.check_keys(mapping, FUNCTION_KEYS, f"function `{path}`")
    entries = mapping.entries
    description = entries.get("description")
    return Said(
        _one_of(reading, entries.get("kind"), _KINDS),
        _one_of(reading, entries.get("visibility"), _VISIBILITIES),
        _read_arguments(reading, entries["args"]) if "args" in entries else None,
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
