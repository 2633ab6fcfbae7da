"""From the modules of a `convex` folder to the functions of the IR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Path, Severity
from codegen.ir.checks.functions import why_no_path
from codegen.ir.model import Function
from codegen.ir.types import ANY, Type
from codegen.language.source import Unread

from .discovery import is_module, module_files, module_path
from .modules import Module
from .program import Program
from .registered import RegisteredFunction
from .syntax import Node, children
from .types import Types, diagnostic
from .validators import Validator
from .values import (
    Closure,
    HostObject,
    JsArray,
    JsObject,
    Origin,
    Refused,
    Unknown,
    Unreadable,
    Value,
)


@dataclass(frozen=True)
class Functions:
    """Reads the functions of a folder, and keeps what can't be read of them in `unread`."""

    program: Program
    types: Types
    diagnostics: Diagnostics
    unread: list[Unread] = field(default_factory=list[Unread])

    def read(self, folder: str, names: Sequence[str]) -> dict[str, Function]:
        """The functions by their paths; `names` are the files of the folder."""
        found: dict[str, Function] = {}
        for name in module_files(sorted(names)):
            path = f"{folder}/{name}" if folder else name
            module = self.program.module(path)
            if module is None or not is_module(path, module.source.data):
                continue
            for function in self._module(module, module_path(name)):
                reason = why_no_path(function.path)
                if reason:
                    base: Path = ("functions", function.path)
                    origin = self.types.places[base]
                    error = Refused(reason, origin)
                    self._keep(error, base, "this function is left out")
                else:
                    found[function.path] = function
        return found

    def _module(self, module: Module, path: str) -> Iterator[Function]:
        root = module.scope.origin(module.source.root)
        if module.error:
            self.types.report(module.error)
            return
        try:
            names = list(dict.fromkeys(module.names()))
        except Unreadable as error:
            what = f"what {module.source.path} exports"
            self._keep(error, ("modules", path), what)
            names = list(module.exports)
        for name in names:
            binding = module.exports.get(name)
            origin = binding.origin if binding else None
            try:
                value = module.get(name, root)
                if isinstance(value, RegisteredFunction):
                    yield self._function(module, f"{path}:{name}", name, value)
                elif origin is not None and _is_definition(value):
                    raise Refused(_NOT_REGISTERED, origin)
            except Unreadable as error:
                if origin is not None and _looks_like_a_function(origin.node):
                    whole = f"{path}:{name}"
                    self._keep(error, ("functions", whole), f"the function `{whole}`")

    def _function(
        self, module: Module, path: str, name: str, registered: RegisteredFunction
    ) -> Function:
        base: Path = ("functions", path)
        binding = module.exports.get(name)
        origin = binding.origin if binding else None
        self.types.places[base] = origin or registered.origin
        args: Type = ANY
        returns: Type | None = None
        try:
            validator = registered.arguments()
            if validator is not None:
                _refuse_unknown(validator)
                args = self.types.written_out(validator, (*base, "args"))
        except Unreadable as error:
            self._keep(error, (*base, "args"), f"the arguments of `{path}`")
        try:
            validator = registered.returns()
            if validator is not None:
                _refuse_unknown(validator)
                returns = self.types.type(validator, (*base, "returns"))
        except Unreadable as error:
            self._keep(error, (*base, "returns"), f"the result of `{path}`")
        return Function(
            path,
            registered.kind,
            registered.visibility,
            args,
            returns,
            _description(origin),
        )

    def _keep(self, error: Unreadable, path: Path, what: str) -> None:
        found = diagnostic(error)
        if any(
            d.span == found.span and d.severity is Severity.ERROR
            for d in self.diagnostics
        ):
            return
        hint = _WAYS_OUT if error.code == "E702" else found.hint
        why = Diagnostic("W702", found.message, found.span, hint, found.notes)
        self.unread.append(Unread(path, what, why))


_WAYS_OUT: Final = (
    "write it so that it can be read; or say it in a file that `functions` in [tool.codegen] names; "
    "or run the code with --evaluate"
)


def _refuse_unknown(value: Value) -> None:
    """Raises what is not known of a part of a validator."""
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, Unknown):
            raise part.error
        if isinstance(part, Validator):
            todo += part.parts
        elif isinstance(part, JsArray):
            todo += part.items
        elif isinstance(part, JsObject):
            todo += part.properties.values()
        elif isinstance(part, HostObject):
            return


_NOT_REGISTERED: Final = "what this call returns is no query, mutation or action"
_FUNCTIONS: Final = ("arrow_function", "function_expression", "method_definition")
_AROUND: Final = frozenset(
    (
        *("ternary_expression", "parenthesized_expression", "binary_expression"),
        *("as_expression", "satisfies_expression", "non_null_expression"),
    )
)
"""Expressions whose value is that of one inside of them."""


def _is_definition(value: Value) -> bool:
    """Whether it is what a builder takes: a wrapper that is read wrongly may give it back."""
    return isinstance(value, JsObject) and isinstance(
        value.properties.get("handler"), Closure
    )


def _looks_like_a_function(node: Node) -> bool:
    """Whether an export that can't be read is made by a call with a handler, or with others."""
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    todo = [value or node]
    while todo:
        part = todo.pop()
        if part.type in _AROUND:
            todo += children(part)
        elif part.type == "call_expression":
            is_one_of_many = name is not None and name.type == "object_pattern"
            if is_one_of_many or _has_handler(part):
                return True
    return False


def _has_handler(call: Node) -> bool:
    arguments = call.child_by_field_name("arguments")
    given = children(arguments) if arguments is not None else []
    inner = [part for one in given if one.type == "object" for part in children(one)]
    values = [part.child_by_field_name("value") or part for part in inner]
    return any(part.type in _FUNCTIONS for part in (*given, *values))


def _description(origin: Origin | None) -> str:
    """The comment above the statement that declares a function."""
    if origin is None:
        return ""
    node = origin.node
    while node.parent is not None and node.parent.type != "program":
        node = node.parent
    return origin.source.comments.before(node)
