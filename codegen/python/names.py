"""Names: from the schema's to Python's, one rule each, and reversible by the wire name kept."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Container, Iterable
from functools import lru_cache
from typing import Final

# What the public classes of the runtime, and so pydantic's BaseModel, already call something.
# Frozen here because generating must not import pydantic; a test compares it with `dir()`.
MODEL_ATTRIBUTES: Final = frozenset(
    [
        "construct",
        "copy",
        "dict",
        "from_orm",
        "from_wire",
        "from_wire_json",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "mro",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "register",
        "schema",
        "schema_json",
        "to_wire",
        "to_wire_json",
        "update_forward_refs",
        "validate",
    ]
)
CALL_ATTRIBUTES: Final = frozenset(("result_from_wire", "run_on"))
QUERIES_ATTRIBUTES: Final = frozenset(("by_creation_time", "full_scan"))

_BUILTINS_IN_ANNOTATIONS: Final = frozenset(
    ("str", "int", "float", "bool", "bytes", "list", "dict", "object", "builtins")
)
# `l` reads like a one: linters refuse it as a name.
_KEYWORDS: Final = frozenset(keyword.kwlist) | {"self", "l"}
_DEVICE_FILES: Final = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{d}{n}" for d in ("com", "lpt") for n in range(10)),
    )
)
_PACKAGE_MODULES: Final = frozenset(
    ("api", "ids", "internal", "server", "tables", "types")
)

_RESERVED_FIELDS: Final = MODEL_ATTRIBUTES | _BUILTINS_IN_ANNOTATIONS | _KEYWORDS
_RESERVED_DOCUMENT_FIELDS: Final = _RESERVED_FIELDS | {"id", "creation_time"}
_RESERVED_ARGUMENTS: Final = _RESERVED_FIELDS | CALL_ATTRIBUTES
_RESERVED_METHODS: Final = (
    QUERIES_ATTRIBUTES | _BUILTINS_IN_ANNOTATIONS | _KEYWORDS | {"overload"}
)
_RESERVED_PARAMETERS: Final = _KEYWORDS | {"creation_time"}
_RESERVED_FILTERS: Final = _KEYWORDS | {"limit"}
_RESERVED_MODULES: Final = (
    _KEYWORDS
    | _BUILTINS_IN_ANNOTATIONS
    | _DEVICE_FILES
    | _PACKAGE_MODULES
    | {"async_connect", "connect", "schema"}
    | {"overload", "import_module", "getattr", "globals", "sorted"}
)
_RESERVED_FUNCTIONS: Final = _KEYWORDS | {"builtins"}
_RESERVED_FUNCTION_MODULES: Final = (
    _KEYWORDS
    | _BUILTINS_IN_ANNOTATIONS
    | _DEVICE_FILES
    | {"import_module", "globals", "sorted"}
)

_WORD_STARTS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=65536)
def snake_case(name: str, kind: str = "field") -> str:
    """`agentType` → `agent_type`, `HTMLParser` → `html_parser`; leading `_` is dropped.

    What then begins with a digit gets a word before it, such as `field_2`.
    """
    words = _WORD_STARTS.sub("_", name.lstrip("_")).lower()
    return words if words[:1].isalpha() else f"{kind}_{words}"


@lru_cache(maxsize=65536)
def pascal_case(text: str) -> str:
    """`agentSessions` → `AgentSessions`, `image/*` → `Image`; empty when nothing is left."""
    words = _NOT_ALPHANUMERIC.split(_WORD_STARTS.sub("_", text))
    name = "".join(word[:1].upper() + word[1:].lower() for word in words)
    return name if name[:1].isalpha() or not name else f"N{name}"


@lru_cache(maxsize=65536)
def derived_wire_name(attribute: str) -> str:
    """The wire name that the runtime derives from an attribute: `agent_type` → `agentType`.

    The twin of the runtime's alias generator; where it differs from the schema's name, the
    generated class says so.
    """
    first, *rest = attribute.removesuffix("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def field_names(wire_names: Iterable[str], *, document: bool) -> dict[str, str]:
    """The attribute of each field of one object, by wire name."""
    reserved = _RESERVED_DOCUMENT_FIELDS if document else _RESERVED_FIELDS
    return _distinct(wire_names, reserved)


def method_names(index_names: Iterable[str]) -> dict[str, str]:
    """The query method of each index of one table, by the index's name."""
    return _distinct(index_names, _RESERVED_METHODS)


def module_names(names: Iterable[str]) -> dict[str, str]:
    """The module (and for tables the variable in it) of each table or type, by its name."""
    return _distinct(names, _RESERVED_MODULES)


def argument_names(wire_names: Iterable[str]) -> dict[str, str]:
    """The attribute of each argument of one function, by wire name."""
    return _distinct(wire_names, _RESERVED_ARGUMENTS)


def function_names(names: Iterable[str], modules: Iterable[str]) -> dict[str, str]:
    """The class of each function of one module, which has these `modules` inside."""
    return _distinct(names, _RESERVED_FUNCTIONS.union(modules))


def function_module_names(components: Iterable[str]) -> dict[str, str]:
    """The Python module of each module or folder of functions inside one folder."""
    return _distinct(components, _RESERVED_FUNCTION_MODULES, "module")


def parameter_names(paths: Iterable[str]) -> dict[str, str]:
    """The parameter of each field of one index, by its dotted path."""
    return _distinct(paths, _RESERVED_PARAMETERS)


def filter_names(paths: Iterable[str]) -> dict[str, str]:
    """The parameter of each filter of one search or vector index, by its dotted path."""
    return _distinct(paths, _RESERVED_FILTERS)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or one like it that is not taken."""
    while name in taken:
        name += "_"
    return name


def _distinct(
    names: Iterable[str], reserved: Container[str], kind: str = "field"
) -> dict[str, str]:
    """Snake-case names without a clash: an exact spelling keeps its name, others get a number."""
    result: dict[str, str] = {}
    taken: dict[str, str] = {}
    clashes: list[str] = []
    for name in names:
        attribute = snake_case(name.replace(".", "_"), kind)
        while attribute in reserved:
            attribute += "_"
        result[name] = attribute
        if taken.setdefault(attribute, name) != name:
            clashes.append(attribute)
    for attribute in dict.fromkeys(clashes):
        rivals = [name for name in result if result[name] == attribute]
        rivals.sort(key=lambda name: (name != attribute, name))
        number = 1
        for rival in rivals[1:]:
            number += 1
            free = f"{attribute.rstrip('_')}_{number}"
            while free in taken or free in reserved:
                number += 1
                free = f"{attribute.rstrip('_')}_{number}"
            result[rival] = free
            taken[free] = rival
    return result
