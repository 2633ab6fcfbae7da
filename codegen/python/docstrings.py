"""Text for people in generated code: docstrings and comments."""

from __future__ import annotations

import re
from typing import Final

from .characters import escaped
from .code import Code

_DIRECTIVE: Final = re.compile(
    r"(coding|flake8|fmt|isort|mypy|noqa|pylint|pyright|ruff|type|yapf)(?=\s*[:=])",
    re.IGNORECASE,
)


def docstring(text: str, indent: int = 4) -> Code:
    """`text` as a docstring, indented; empty when there is nothing to say.

    The text is stripped and dedented, its tabs become spaces; long lines stay as they are.
    Invisible characters, backslashes and triple quotes are escaped.
    """
    if not text:
        return Code()
    first, *rest = _lines(text)
    pad = " " * indent
    first = _unclosing(first)
    if first.startswith('"'):
        first = " " + first
    if rest:
        margin = min(len(line) - len(line.lstrip(" ")) for line in rest if line)
        lines = [pad + _unclosing(line[margin:]) if line else "" for line in rest]
        return Code("\n".join([f'{pad}"""{first}', *lines, f'{pad}"""']))
    if not first:
        return Code()
    return Code(f'{pad}"""{first} """' if first[-1] == '"' else f'{pad}"""{first}"""')


def described(code: Code, text: str, indent: int = 4) -> Code:
    """A field or an alias with what it is for, as editors show it, in a docstring below."""
    if not text:
        return code
    below = docstring(text, indent)
    return Code(f"{code}\n{below}") if below else code


def comment(text: str, indent: int = 0) -> Code:
    """`text` as comment lines, indented; empty when there is nothing to say.

    What a tool would take for an instruction (`type: ignore`, `fmt: off`) is defused.
    """
    pad = " " * indent
    if not text.strip():
        return Code()
    lines = (_DIRECTIVE.sub(r"\1 ", escaped(line.strip())) for line in _lines(text))
    return Code("\n".join(f"{pad}# {line}".rstrip() for line in lines))


def _lines(text: str) -> list[str]:
    """The lines of the stripped text, without tabs and without spaces at their ends."""
    text = text.strip()
    if text.isprintable():
        return [text]
    text = text.expandtabs().replace("\r\n", "\n").replace("\r", "\n")
    return [line.rstrip() for line in text.split("\n")]


def _unclosing(line: str) -> str:
    return escaped(line).replace('"""', '\\"\\"\\"')
