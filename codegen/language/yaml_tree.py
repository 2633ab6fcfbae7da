"""YAML text as a tree in which every node keeps its place and nothing is coerced.

A restricted YAML: no anchors, aliases, tags or merge keys, one document, texts as keys. The
tree is composed from libyaml's events without recursion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, TypeAlias, cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from codegen.diagnostics import Diagnostic, Diagnostics, Note

from .text import Place, Text
from .yaml_traps import explain_control_character, explain_syntax, find_conflicts

MAX_DEPTH: Final = 64
REFUSED: Final = "*"
"""The style of a scalar that stands in for a refused node: already reported."""


@dataclass(slots=True)
class Scalar:
    """A text; `style` is empty for a plain one, else `'`, `"`, `|`, `>`, or `REFUSED`."""

    text: str
    start: int
    end: int
    style: str = ""


@dataclass(slots=True)
class Sequence:
    items: list[Node]
    start: int
    end: int


class Entry(NamedTuple):
    """A key as it is written, and its value."""

    key: Scalar
    value: Node


@dataclass(slots=True)
class Mapping:
    """Entries by key, in order; a `?` at the end of a key is not part of its name."""

    entries: dict[str, Entry]
    start: int
    end: int
    is_flow: bool


Node: TypeAlias = Scalar | Sequence | Mapping


def compose(text: Text, diagnostics: Diagnostics) -> Node | None:
    """The tree of the only document of `text`; None after a report if there is none.

    Every refused node is reported; only a syntax error, too deep nesting and a second
    document end the reading.
    """
    if not yaml.__with_libyaml__:
        hint = "install a wheel of PyYAML, or build it where libyaml is"
        diagnostics.add(
            Diagnostic("E013", "PyYAML was built without libyaml", hint=hint)
        )
        return None
    if conflicts := find_conflicts(text):
        diagnostics.extend(conflicts)
        return None
    try:
        return _Composer(text, diagnostics).compose()
    except yaml.reader.ReaderError:
        diagnostics.add(explain_control_character(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = error.context_mark.index if error.context_mark else None
        index = mark.index if mark else len(text.characters)
        diagnostics.add(
            explain_syntax(
                text, index, context, error.context or "", error.problem or ""
            )
        )
    return None


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come; a mapping's children are keys and values."""

    start: int
    is_mapping: bool
    is_flow: bool
    children: list[Node]


class _Mark(Protocol):
    index: int


class _Event(Protocol):
    """Any event of libyaml; one has only the attributes of its kind."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool


class _Composer:
    def __init__(self, text: Text, diagnostics: Diagnostics) -> None:
        self._text = text
        self._diagnostics = diagnostics

    def compose(self) -> Node | None:
        loader = yaml.CBaseLoader(self._text.characters)
        next_event = cast("Callable[[], _Event | None]", loader.get_event)
        top: list[Node] = []
        open_collections: list[_Open] = []
        siblings: list[Node] = top
        documents = 0
        while (event := next_event()) is not None:
            kind: type = type(event)
            if kind is ScalarEvent:
                node = Scalar(
                    event.value,
                    event.start_mark.index,
                    event.end_mark.index,
                    event.style or "",
                )
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                    node.style = REFUSED
                siblings.append(node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                start = event.start_mark.index
                if len(open_collections) == MAX_DEPTH:
                    message = f"nested deeper than {MAX_DEPTH} levels"
                    self._report("E005", (start, start + 1), message)
                    return None
                siblings = []
                is_mapping = kind is MappingStartEvent
                opened = _Open(start, is_mapping, event.flow_style, siblings)
                open_collections.append(opened)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                closed = open_collections.pop()
                siblings = open_collections[-1].children if open_collections else top
                siblings.append(self._collection(closed, event.end_mark.index))
            elif kind is AliasEvent:
                self._refuse_alias(event)
                place = event.start_mark.index, event.end_mark.index
                siblings.append(Scalar("", *place, REFUSED))
            elif kind is DocumentStartEvent:
                documents += 1
                if documents == 2:
                    start = event.start_mark.index
                    message = "a second YAML document starts here"
                    hint = (
                        "write one document per file; several files may make a schema"
                    )
                    self._report("E010", (start, start + 3), message, hint)
                    return None
        if not top or top[0] == Scalar("", top[0].start, top[0].end):
            self._report("E012", (0, 0), "this file is empty", "write `tables:`")
            return None
        return top[0]

    def _collection(self, closed: _Open, end: int) -> Node:
        children = closed.children
        # A block collection's end event lies at the next token, maybe many lines below.
        if not closed.is_flow and children:
            end = children[-1].end
        if not closed.is_mapping:
            return Sequence(children, closed.start, end)
        entries: dict[str, Entry] = {}
        pairs = iter(children)
        for key, value in zip(pairs, pairs, strict=True):
            if type(key) is not Scalar or not key.text or key.style == REFUSED:
                self._refuse_key(key)
                continue
            name = key.text
            if name == "<<" and not key.style:
                self._refuse_merge(key)
                continue
            if name[-1] == "?":
                name = name[:-1]
            if name in entries:
                self._refuse_duplicate(name, entries[name].key, key)
                continue
            entries[name] = Entry(key, value)
        return Mapping(entries, closed.start, end, closed.is_flow)

    def _refuse_properties(self, event: _Event) -> None:
        start = event.start_mark.index
        quote = "if the text is meant, quote the whole value"
        if event.anchor is not None:
            place = start, start + 1 + len(event.anchor)
            message = f"YAML anchors such as `&{event.anchor}` are not allowed"
            hint = f"{quote}; to share a type, name it under `types:`"
            self._report("E006", place, message, hint)
        else:
            written = self._text.characters[start:].split(maxsplit=1)[0]
            place = start, start + len(written)
            message = f"YAML tags such as `{written}` are not allowed"
            self._report("E007", place, message, quote)

    def _refuse_alias(self, event: _Event) -> None:
        message = f"YAML aliases such as `*{event.anchor}` are not allowed"
        hint = (
            "if the text is meant, quote the whole value; "
            "to share a type, name it under `types:`"
        )
        place = event.start_mark.index, event.end_mark.index
        self._report("E006", place, message, hint)

    def _refuse_merge(self, key: Scalar) -> None:
        message = "YAML merge keys (`<<`) are not allowed"
        hint = "write the entries out; to share a type, name it under `types:`"
        self._report("E008", (key.start, key.end), message, hint)

    def _refuse_key(self, key: Node) -> None:
        if isinstance(key, Scalar) and key.style == REFUSED:
            return
        message = "a key must be a text that is not empty"
        hint = "" if isinstance(key, Scalar) else "quote the whole key"
        self._report("E011", (key.start, key.end), message, hint)

    def _refuse_duplicate(self, name: str, first: Scalar, second: Scalar) -> None:
        note = Note("first given here", self._text.span(first.start, first.end))
        span = self._text.span(second.start, second.end)
        message = f"duplicate key `{name}`"
        self._diagnostics.add(Diagnostic("E009", message, span, notes=(note,)))

    def _report(self, code: str, place: Place, message: str, hint: str = "") -> None:
        span = self._text.span(*place)
        self._diagnostics.add(Diagnostic(code, message, span, hint))
