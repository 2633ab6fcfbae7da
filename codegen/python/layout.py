"""Statements broken into lines as Black breaks them, so that Black leaves them alone.

Every function takes `Code` and gives `Code`: whole lines, indented, without a newline at
the end. A line that fits in 88 columns is never broken; wide characters count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Self

from .characters import width
from .code import Call, Code, Display, Group, Labelled, Union

COLUMNS: Final = 88


def fits(indent: int, text: str) -> bool:
    """Whether `text` ends within the line when it starts at column `indent`."""
    room = COLUMNS - indent
    length = len(text)
    # no character is wider than two columns
    return length <= room and (length * 2 <= room or width(text) <= room)


def field(
    name: Code, annotation: Code, default: Code | None = None, indent: int = 4
) -> Code:
    """`name: annotation = default`, a field of a class or a typed name of a module."""
    # Concatenation takes half the time of an f-string, where the parts are `Code`.
    line = name + ": " + annotation
    if default is not None:
        line += " = " + default
    if fits(indent, line):
        return Code(" " * indent + line)
    if default is None:
        return _joined(_hanging(annotation, indent, f"{name}: ", ""))
    return _joined(_annotated_value(name, annotation, default, indent))


def alias(name: Code, annotation: Code, type_alias: Code) -> Code:
    """`name: TypeAlias = annotation`, at module level; `type_alias` is its name there."""
    return field(name, type_alias, annotation, indent=0)


def assignment(target: Code, value: Code, indent: int = 0) -> Code:
    """`target = value`."""
    return _joined(_valued(f"{target} = ", value, indent))


def one_per_line(target: Code, value: Display, indent: int = 0) -> Code:
    """`target = value` with each item of a list or dict on a line, however few."""
    if not value.items:
        return assignment(target, value, indent)
    return _joined(_exploded(value, indent, f"{target} = ", ""))


def returned(value: Code, indent: int = 8) -> Code:
    """`return value`."""
    return _joined(_valued("return ", value, indent))


def class_header(name: Code, args: Sequence[Code], indent: int = 0) -> Code:
    """`class name(args):`, where an argument is a base class or a keyword."""
    group = Group(f"class {name}(", tuple(args), ")")
    return _joined(broken(group if args else Code(f"class {name}"), indent, "", ":"))


class Parameter(Code):
    """`name: annotation = default` in a signature; `*name` and `**name` are names too."""

    __slots__ = ("annotation", "default", "name")

    name: str
    annotation: Code
    default: Code | None

    def __new__(
        cls, name: Code, annotation: Code, default: Code | None = None, stars: int = 0
    ) -> Self:
        starred = "*" * stars + name
        tail = "" if default is None else f" = {default}"
        self = super().__new__(cls, f"{starred}: {annotation}{tail}")
        self.name = starred
        self.annotation = annotation
        self.default = default
        return self


SELF: Final = Code("self")
POSITIONAL_ONLY: Final = Code("/")
KEYWORD_ONLY: Final = Code("*")


def signature(
    name: Code, params: Sequence[Code], returns: Code, end: Code, indent: int = 4
) -> Code:
    """`def name(params) -> returns` and `end`, which is STUB or BODY.

    `params` are `Parameter`s and the marks SELF, POSITIONAL_ONLY and KEYWORD_ONLY.
    """
    inner = ", ".join(params)
    line = f"def {name}({inner}) -> {returns}{end}"
    if fits(indent, line):
        return Code(" " * indent + line)
    return _joined(_broken_signature(name, params, inner, returns, end, indent))


STUB: Final = Code(": ...")
BODY: Final = Code(":")


def block(lines: Iterable[Code]) -> Code:
    """Statements that follow each other."""
    return _joined(lines)


def _joined(lines: Iterable[str]) -> Code:
    return Code("\n".join(lines))


def broken(code: Code, indent: int, lead: str, tail: str) -> list[str]:
    """The lines of `code`; `lead` and `tail` are glued to the first and the last of them.

    A union is broken only inside brackets, so never behind a `lead`.
    """
    if isinstance(code, Labelled):
        lead += code.label
        code = code.value
    if fits(indent, lead + code + tail):
        return [" " * indent + lead + code + tail]
    if isinstance(code, Parameter):
        return _broken_parameter(code, indent, tail)
    if isinstance(code, Union):
        return _arms(code, indent, tail)
    if isinstance(code, Group) and code.items:
        return _exploded(code, indent, lead, tail)
    return [" " * indent + lead + code + tail]


def _exploded(group: Group, indent: int, lead: str, tail: str) -> list[str]:
    pad = " " * indent
    contents = _contents(group, indent + 4)
    return [pad + lead + group.opening, *contents, pad + group.closing[-1] + tail]


def _contents(group: Group, indent: int) -> list[str]:
    lines: list[str] = []
    if not isinstance(group, Display):
        inner = ", ".join(group.items)
        if fits(indent, inner):
            return [" " * indent + inner]
        if len(group.items) == 1:  # a comma would make a tuple of a single subscript
            return broken(group.items[0], indent, "", "")
    for item in group.items:
        lines += broken(item, indent, "", ",")
    return lines


def _arms(union: Union, indent: int, tail: str) -> list[str]:
    lines: list[str] = []
    lead = ""
    for arm in union.arms[:-1]:
        lines += broken(arm, indent, lead, "")
        lead = "| "
    return lines + broken(union.arms[-1], indent, lead, tail)


def _hanging(
    code: Code, indent: int, lead: str, tail: str, *, wrap: bool = False
) -> list[str]:
    """The lines of `code` behind `lead`, where parentheses may be put around it.

    It breaks in its own brackets if the line fits up to there. Else it moves into
    parentheses, unless that is in vain (and `wrap` does not ask for them even so).
    """
    if isinstance(code, Group) and code.items:
        if fits(indent, lead + code.opening):
            return _exploded(code, indent, lead, tail)
        if not fits(indent, lead + "("):
            return _exploded(code, indent, lead, tail)
    pad = " " * indent
    inner = broken(code, indent + 4, "", "")
    if wrap or isinstance(code, Union) or all(fits(0, line) for line in inner):
        return [f"{pad}{lead}(", *inner, f"{pad}){tail}"]
    return broken(code, indent, lead, tail)


def _annotated_value(
    name: Code, annotation: Code, value: Code, indent: int
) -> list[str]:
    lead = f"{name}: {annotation} = "
    opening = value.opening if isinstance(value, Group) and value.items else "("
    if fits(indent, lead + opening) or fits(indent, lead + "("):
        return _hanging(value, indent, lead, "", wrap=True)
    if not isinstance(annotation, Group | Union) and not fits(indent + 4, annotation):
        return _behind_a_long_name(lead, value, indent)
    first, *lines, last = _hanging(annotation, indent, f"{name}: ", "")
    lead = f"{last[indent:]} = "
    if isinstance(value, Group) and value.items and not fits(0, first):
        return [first, *lines, *_exploded(value, indent, lead, "")]
    if isinstance(value, Union):
        if fits(0, first) and fits(indent, f"{lead}({value})"):
            return [first, *lines, f"{' ' * indent}{lead}({value})"]
        return [first, *lines, *_hanging(value, indent, lead, "")]
    return [first, *lines, *_valued(lead, value, indent)]


def _behind_a_long_name(lead: str, value: Code, indent: int) -> list[str]:
    """Where neither name nor annotation can be broken, Black's parentheses help nobody."""
    if isinstance(value, Call) and value.items and fits(indent + 4, value):
        return _exploded(value, indent, f"{lead}(", ")")
    if isinstance(value, Group) and value.items:
        return _exploded(value, indent, lead, "")
    pad = " " * indent
    if fits(indent, f") = ({value})"):
        return [f"{pad}{lead}({value})"]
    if fits(indent + 4, value):
        return [f"{pad}{lead}(", f"{pad}    {value}", f"{pad})"]
    return [f"{pad}{lead}{value}"]


def _valued(lead: str, value: Code, indent: int) -> list[str]:
    if fits(indent, lead + value):
        return [" " * indent + lead + value]
    return _hanging(value, indent, lead, "", wrap=not _one_token(value))


def _one_token(value: Code) -> bool:
    """Whether Black holds parentheses around an overlong `value` to be in vain."""
    if isinstance(value, Group):
        return bool(value.items)
    return "." not in value or value[-1] in "\"'"


def _broken_parameter(param: Parameter, indent: int, tail: str) -> list[str]:
    tail = tail if param.default is None else f" = {param.default}{tail}"
    return _hanging(param.annotation, indent, f"{param.name}: ", tail)


def _broken_signature(
    name: str, params: Sequence[Code], inner: str, returns: Code, end: str, indent: int
) -> list[str]:
    pad = " " * indent
    head = f"def {name}({inner}) -> "
    if not params:
        return [f"{pad}{head}(", *broken(returns, indent + 4, "", ""), f"{pad}){end}"]
    lines = [f"{pad}def {name}("]
    if len(params) > 1 and fits(indent + 4, inner):
        lines.append(f"{pad}    {inner}")
    else:
        for param in params:
            lines += broken(param, indent + 4, "", ",")
    if fits(indent, f") -> {returns}{end}"):
        return [*lines, f"{pad}) -> {returns}{end}"]
    return lines + _hanging(returns, indent, ") -> ", end)
