"""One file of a schema while it is read: its text, and where its faults go."""

from __future__ import annotations

from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Note, Span, closest
from codegen.ir.model import NamedType, Schema

from .text import Place, Text
from .yaml_tree import REFUSED, Entry, Mapping, Node, Scalar, Sequence

_FLAGS: Final = {"true": True, "false": False}


@dataclass(slots=True)
class Reading:
    """`type_names` are those of every file; `types` holds the ones that are already built."""

    text: Text
    diagnostics: Diagnostics
    type_names: frozenset[str]
    types: dict[str, NamedType] = field(default_factory=dict[str, NamedType])
    refused: set[str] = field(default_factory=set[str])
    """The names of types that no type may have: already reported."""
    is_whole: bool = True
    """Whether every file could be read; else an unknown name may be one of theirs."""

    def has_type(self, name: str) -> bool:
        """Whether a type of this name can be used."""
        return name in self.type_names and name not in self.refused

    @property
    def schema(self) -> Schema:
        """The named types alone, for what must look a name up."""
        return Schema(types=self.types)

    def fault(
        self,
        code: str,
        node: Node,
        message: str,
        hint: str = "",
        notes: tuple[Note, ...] = (),
    ) -> None:
        """Reports a fault at a node, unless the node itself was refused before."""
        if not is_refused(node):
            span = span_of(self.text, node)
            self.diagnostics.add(Diagnostic(code, message, span, hint, notes))

    def fault_at(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Reports a fault at a place in the text."""
        span = self.text.span(*place)
        self.diagnostics.add(Diagnostic(code, message, span, hint))

    def check_keys(
        self, mapping: Mapping, known: AbstractSequence[str], owner: str
    ) -> bool:
        """Whether all keys exist; reports those that do not."""
        all_known = True
        for entry in mapping.entries.values():
            name = entry.key.text
            if name not in known:
                all_known = False
                listed = ", ".join(known)
                hint = closest(name, known) or f"it may have: {listed}"
                message = f"{owner} has no key `{name}`"
                self.fault("E110", entry.key, message, hint)
        return all_known

    def mapping(self, entry: Entry, hint: str) -> Mapping | None:
        """The value as a mapping; None after a report."""
        if isinstance(entry.value, Mapping):
            return entry.value
        message = f"`{entry.key.text}` must be a mapping"
        self.fault("E111", _written(entry), message, hint)
        return None

    def items(self, entry: Entry, hint: str) -> list[Scalar] | None:
        """The value as a list of texts; None after a report."""
        if not isinstance(entry.value, Sequence):
            message = f"`{entry.key.text}` must be a list"
            self.fault("E111", _written(entry), message, hint)
            return None
        items: list[Scalar] = []
        for item in entry.value.items:
            if isinstance(item, Scalar) and item.text:
                items.append(item)
            else:
                message = f"an item of `{entry.key.text}` must be a text"
                self.fault("E111", item, message, hint)
        return items if len(items) == len(entry.value.items) else None

    def word(self, entry: Entry) -> str | None:
        """The value as a text that is not empty; None after a report."""
        value = entry.value
        if isinstance(value, Scalar) and value.text.strip():
            return value.text.strip()
        message = f"`{entry.key.text}` must be a text that is not empty"
        self.fault("E111", _written(entry), message)
        return None

    def flag(self, entry: Entry) -> bool:
        """The value as true or false; false after a report."""
        value = entry.value
        if isinstance(value, Scalar) and not value.style and value.text in _FLAGS:
            return _FLAGS[value.text]
        message = f"`{entry.key.text}` must be true or false"
        self.fault("E111", _written(entry), message)
        return False


def is_refused(node: Node) -> bool:
    """Whether a node stands in for one that was already reported."""
    return isinstance(node, Scalar) and node.style == REFUSED


def span_of(text: Text, node: Node) -> Span:
    """The span of a node; of one over several lines, the part on the first."""
    end = node.end
    if not isinstance(node, Scalar):
        end = min(end, text.line_of(node.start)[1])
    return text.span(node.start, end)


def _written(entry: Entry) -> Node:
    """The value, or the key where there is no value to point at."""
    return entry.value if entry.value.end > entry.value.start else entry.key
