"""The front end for what `npx convex function-spec` prints: the functions of a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from codegen.diagnostics import Diagnostic, Diagnostics, Note, Path, Span
from codegen.ir.model import Function
from codegen.ir.types import ANY

from .convex_json_places import validator_place
from .json_positions import JsonPositions
from .json_reading import read_json
from .source import Loaded, SourceFile
from .validator_reader import LIST, OBJECT, At, Json, Problem, ValidatorReader

_KINDS: Final[dict[str, Literal["query", "mutation", "action"]]] = {
    "Query": "query",
    "Mutation": "mutation",
    "Action": "action",
}
_HTTP: Final = "HttpAction"
_VISIBILITIES: Final[dict[str, Literal["public", "internal"]]] = {
    "public": "public",
    "internal": "internal",
}


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """Functions by path, and the way back to the text that tells of them."""

    functions: Mapping[str, Function]
    _numbers: Mapping[str, int]
    _positions: JsonPositions

    def locate(self, path: Path) -> Span | None:
        """The span of what a path of the IR names in here."""
        base: Path = ("functions", self._numbers.get(str(path[1]), -1))
        if len(path) > 2:
            return validator_place(self._positions, (*base, path[2]), path[3:])
        return self._positions.value((*base, "identifier"))


def load_functions(file: SourceFile, diagnostics: Diagnostics) -> FunctionSpec | None:
    """The functions of the file; None, and diagnostics, where it has any fault."""

    def read(data: object, problems: list[Problem]) -> _Reader:
        reader = _Reader(problems)
        reader.read(data)
        return reader

    found = read_json(file, read, diagnostics)
    if found is None:
        return None
    reader, positions = found
    return FunctionSpec(reader.functions, reader.numbers, positions)


class _Reader(ValidatorReader):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.functions: dict[str, Function] = {}
        self.numbers: dict[str, int] = {}

    def read(self, data: object) -> None:
        whole = self.expect(OBJECT, data, None)
        if whole is None:
            return
        place: At = (None, "functions")
        for i, item in enumerate(self.need(whole, "functions", LIST, None) or ()):
            json_ = self.expect(OBJECT, item, (place, i))
            if json_ is not None:
                self._function(json_, i, (place, i))

    def _function(self, json_: Json, number: int, at: At) -> None:
        type_ = self.need(json_, "functionType", str, at)
        if type_ is None or type_ == _HTTP:
            return  # an HTTP action has a route, and no path to call it by
        kind = _KINDS.get(type_)
        if kind is None:
            known = ", ".join((*_KINDS, _HTTP))
            message = f'there is no type of function "{type_}"'
            place: At = (at, "functionType")
            self.problems.append(Problem("E420", place, message, f"one of: {known}"))
            return
        path = self._path(json_, at)
        if path is None:
            return
        first = self.numbers.setdefault(path, number)
        if first != number:
            listed: At = (None, "functions")
            message = f'function "{path}" is there twice'
            problem = Problem(
                "E421",
                (at, "identifier"),
                message,
                first=((listed, first), "identifier"),
            )
            self.problems.append(problem)
            return
        # The whole is null where the code could not say, and each half of it where it does not.
        args, returns = json_.get("args"), json_.get("returns")
        self.functions[path] = Function(
            path,
            kind,
            self._visibility(json_, at),
            ANY if args is None else self.validator(args, (at, "args")),
            None if returns is None else self.validator(returns, (at, "returns")),
        )

    def _path(self, json_: Json, at: At) -> str | None:
        """`messages:list` for the identifier `messages.js:list`."""
        identifier = self.need(json_, "identifier", str, at)
        if identifier is None:
            return None
        module, colon, name = identifier.rpartition(":")
        if not colon:
            message = f'"{identifier}" is not a module and a function'
            hint = "such as messages.js:list"
            problem = Problem("E422", (at, "identifier"), message, hint)
            self.problems.append(problem)
            return None
        return f"{module.removesuffix('.js')}:{name}"

    def _visibility(self, json_: Json, at: At) -> Literal["public", "internal"]:
        json_ = self.need(json_, "visibility", OBJECT, at) or {"kind": "public"}
        place: At = (at, "visibility")
        kind = self.need(json_, "kind", str, place) or "public"
        if kind not in _VISIBILITIES:
            message = f'there is no visibility "{kind}"'
            problem = Problem("E420", (place, "kind"), message, "public or internal")
            self.problems.append(problem)
        return _VISIBILITIES.get(kind, "public")


def with_functions(
    loaded: Loaded, spec: FunctionSpec, diagnostics: Diagnostics
) -> Loaded:
    """The schema with the functions that a deployment tells of.

    What the schema itself says of the arguments or the result of a function comes first; what
    could not be read of it is told, too.
    Reports functions that the two declare to be of different kinds.
    """
    own = loaded.schema.functions
    functions = {**own, **spec.functions}
    for path in own.keys() & spec.functions.keys():
        here, there = own[path], spec.functions[path]
        if (here.kind, here.visibility) != (there.kind, there.visibility):
            message = (
                f"function `{path}` is {_article(here)} here, "
                f"and {_article(there)} to the deployment"
            )
            place: Path = ("functions", path)
            note = Note("the deployment says so here", spec.locate(place))
            span = loaded.locate(place)
            diagnostics.add(Diagnostic("E421", message, span, notes=(note,)))
        functions[path] = replace(
            here,
            args=there.args if here.args == ANY else here.args,
            returns=there.returns if here.returns is None else here.returns,
        )

    def locate(path: Path) -> Span | None:
        told = path[:1] == ("functions",) and path[1:2] and path[1] in spec.functions
        if not told:
            return loaded.locate(path)
        here = own.get(str(path[1]))
        is_theirs = (
            here is None
            or (path[2:3] == ("args",) and here.args == ANY)
            or (path[2:3] == ("returns",) and here.returns is None)
        )
        return spec.locate(path) if is_theirs else loaded.locate(path)

    return replace(
        loaded,
        schema=replace(loaded.schema, functions=functions),
        locate=locate,
        exported_functions=frozenset(spec.functions).union(
            loaded.exported_functions or ()
        ),
        unread=tuple(one for one in loaded.unread if not _is_told(one.path, spec)),
    )


def _is_told(path: Path, spec: FunctionSpec) -> bool:
    if path[0] == "modules":
        return any(told.rpartition(":")[0] == path[1] for told in spec.functions)
    return path[1] in spec.functions


def _article(function: Function) -> str:
    noun = f"{function.visibility} {function.kind}"
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
