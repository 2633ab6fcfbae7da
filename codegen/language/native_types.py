"""A type that is written as an annotation or as the mapping of an object's fields."""

from __future__ import annotations

import re
from typing import Final

from codegen.ir.types import ANY, Type

from .annotation_hints import name_hint
from .annotations import TYPE_WORDS, Annotation, is_type_syntax, parse_annotation
from .reading import Reading, is_refused
from .scalar_places import place_within
from .yaml_tree import Node, Scalar, Sequence

NO_DEFAULT_HERE: Final = "only a table's own fields may have a default"
_MAX_HINTS: Final = 100
_CUT: Final = re.compile(r"[ \t]+#[^\r\n]*")
_CLASS_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_]*\Z")
# What annotations, the language and generated modules already call something.
_RESERVED: Final = frozenset(
    (
        *("ABSENT", "Absent", "Annotated", "Any", "AnyValue", "Arms", "BigInt"),
        *("Bytes", "Call", "CommitTs", "Discriminator", "Doc", "Document", "False"),
        *("Final", "OpenCall"),
        *("Ge", "Generic", "Gt", "Id", "Int64", "KEEP", "Le", "Literal", "Lt"),
        *("MaxLen", "MinLen", "Never", "New", "None", "Object", "OneOf"),
        *("OpenDocument", "OpenNew", "OpenPatch", "Opt", "Optional", "Page", "Patch"),
        *("Pattern", "Queries", "Query", "REMOVE", "Range", "Read", "Remove"),
        *("Schema", "SearchQuery", "TYPE_CHECKING", "True", "TypeAlias"),
        *("UNFILTERED", "Union", "VectorQuery"),
    )
)


def read_annotation(
    reading: Reading, key: Scalar, value: Scalar | Sequence
) -> tuple[Type, Annotation]:
    """The type that `value` writes, and the annotation it is in, after reporting its faults.

    `Any` stands in for a faulty type, so that one fault does not cause others.
    """
    if is_refused(value):
        return ANY, Annotation("")
    if isinstance(value, Sequence):
        reading.fault("E101", value, "a list is not a type", "write `list[T]`")
        return ANY, Annotation("")
    text = value.text
    if not text or text.isspace():
        message = f"`{key.text}` has no type"
        reading.fault("E102", key, message, "write a type after the `:`")
        return ANY, Annotation("")
    if text in ("~", "null") and not value.style:
        reading.fault("E101", value, f"`{text}` is not a type", "write `None`")
        return ANY, Annotation("")
    annotation = parse_annotation(text)
    if annotation.problems:
        _report_problems(reading, value, annotation)
    unknown = [name for name in annotation.names if not reading.has_type(name.id)]
    for name in unknown:
        if _is_explained(reading, name.id):
            continue
        place = place_within(reading.text, value, *annotation.place(name))
        hint = _hint(reading, name.id, value)
        reading.fault_at("E106", place, f"unknown type `{name.id}`", hint)
    return ANY if unknown else annotation.type, annotation


def _is_explained(reading: Reading, name: str) -> bool:
    """Whether another fault says why there is no such type."""
    may_be_unread = not reading.is_whole and _CLASS_NAME.match(name) is not None
    return may_be_unread or name in reading.refused


def _hint(reading: Reading, name: str, value: Scalar) -> str:
    """The way out for an unknown name of a type."""
    # To look for near names among many is slow; nobody reads a thousand hints.
    is_early = len(reading.diagnostics) < _MAX_HINTS
    known = sorted(reading.type_names) if is_early else ()
    hint = name_hint(name, (*TYPE_WORDS, *known))
    if not hint and value.style in ("'", '"') and value.text == name:
        return f'an exact text is written Literal["{name}"]'
    return hint


def refuse_default(reading: Reading, value: Scalar, annotation: Annotation) -> None:
    """Reports the default of an annotation that may not have one."""
    if annotation.default is not None:
        place = annotation.place(annotation.default)
        within = place_within(reading.text, value, *place)
        reading.fault_at("E109", within, NO_DEFAULT_HERE)


def _report_problems(reading: Reading, value: Scalar, annotation: Annotation) -> None:
    text = reading.text
    cut = _CUT.match(text.characters, value.end) if not value.style else None
    is_broken = annotation.problems[0].code == "E101" and not annotation.nodes
    if cut and is_broken and is_type_syntax(annotation.text + cut[0]):
        start = cut.start() + len(cut[0]) - len(cut[0].lstrip())
        message = "` #` starts a comment in YAML and cuts this type short"
        reading.fault_at("E024", (start, start + 1), message, "quote the whole value")
        return
    for problem in annotation.problems:
        place = place_within(text, value, *problem.place)
        reading.fault_at(problem.code, place, problem.message, problem.hint)


def may_be_class(name: str) -> bool:
    """Whether a type, a model or a kind of document may have this name."""
    return _CLASS_NAME.match(name) is not None and name not in _RESERVED


def is_class_name(reading: Reading, node: Node, name: str, owner: str) -> bool:
    """Whether `name` may be that of a class; reports at `node` if not."""
    if name in _RESERVED:
        message = (
            f"{owner} cannot be called `{name}`: the word has a meaning of its own"
        )
        reading.fault("E107", node, message)
        return False
    if may_be_class(name):
        return True
    message = f"{owner} must be named like a class, not `{name}`"
    words = re.findall(r"[A-Za-z0-9]+", name)
    proposed = "".join(word[0].upper() + word[1:] for word in words)
    hint = f"write `{proposed}`" if may_be_class(proposed) else ""
    reading.fault("E107", node, message, hint)
    return False
