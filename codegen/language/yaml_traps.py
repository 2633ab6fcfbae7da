"""What a YAML syntax error means for somebody who wrote a type."""

from __future__ import annotations

import re
from typing import Final

from codegen.diagnostics import Diagnostic

from .text import Place, Text

_QUOTE_THE_VALUE: Final = "quote the whole value"
_CONTROL: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_CONFLICT: Final = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_BARE_WORD: Final = re.compile(r"\s*(?:- +)?([A-Za-z_][\w-]*\??)(?=\s|\Z)")
_FLOW_DEFAULT: Final = re.compile(r"\s*(?:- +)?([\w-]+\??):\s*(\{.*\})\s*\Z")
_AFTER_QUOTED: Final = re.compile(r"""(?::|-|^)\s+("[^"]*"|'[^']*')\s*\S?$""")


def find_conflicts(text: Text) -> list[Diagnostic]:
    """A diagnostic for each conflict that a merge left; for a rest of one, its first line."""
    markers = list(_CONFLICT.finditer(text.characters))
    starts = [marker for marker in markers if marker[0].startswith("<")]
    message = "a conflict of a merge is still here"
    hint = "keep the lines that are right, and remove the three lines with the markers"
    return [
        Diagnostic("E025", message, text.span(*marker.span()), hint)
        for marker in starts or markers[:1]
    ]


def explain_control_character(text: Text) -> Diagnostic:
    """The diagnostic of the first character of `text` that YAML does not allow."""
    found = _CONTROL.search(text.characters)
    start, end = found.span() if found else (0, 0)
    name = f"U+{ord(text.characters[start]):04X}"
    message = f"the control character {name} is not allowed"
    hint = "inside a double-quoted text write it as an escape"
    return Diagnostic("E003", message, text.span(start, end), hint)


def explain_syntax(
    text: Text, index: int, context_index: int | None, context: str, problem: str
) -> Diagnostic:
    """The diagnostic of libyaml's `problem` at `index`, met in a `context` of its own place."""
    line_start, _ = text.line_of(index)
    before = text.characters[line_start:index]
    here = text.characters[index : index + 1]
    span = text.span(index, index + 1)

    if "flow" in context and here == "[" and _is_subscript(before):
        message = "brackets of a type inside `{…}` or `[…]` end it"
        return Diagnostic("E020", message, span, _quoted_hint(text, index))
    is_at_end = index >= len(text.characters.rstrip())
    if context_index is not None and is_at_end and "block" not in context:
        opening = text.characters[context_index : context_index + 1]
        if opening and opening in "\"'[{":
            place = text.span(context_index, context_index + 1)
            return Diagnostic("E004", f"this `{opening}` is never closed", place)
    if context_index is not None and "block scalar" in context:
        bar_line, _ = text.line_of(context_index)
        before_bar = text.characters[bar_line:context_index]
        bar = text.span(context_index, context_index + 1)
        if _AFTER_QUOTED.search(before_bar):
            return _after_quote(text, context_index)
        sign = text.characters[context_index]
        message = f"a value that starts with `{sign}` is a block of text in YAML"
        hint = "begin with the first type, or quote the whole value"
        return Diagnostic("E022", message, bar, hint)
    if word_place := _word_without_colon(text, index, context_index, problem):
        word = text.characters[slice(*word_place)]
        message = f"`{word}` has no `:` after it"
        return Diagnostic("E004", message, text.span(*word_place), f"write `{word}:`")
    if here == "=" and (found := _FLOW_DEFAULT.match(before)):
        message = "nothing can follow the `}` that ends these fields"
        hint = f"write `{found[1]}: {{$type: {found[2]}, $default: …}}`"
        return Diagnostic("E004", message, span, hint)
    is_in_value = ": " in before or _in_quotes(before)
    if problem.startswith("mapping values") and is_in_value:
        message = "a `: ` inside a value starts a mapping in YAML"
        return Diagnostic("E021", message, span, _QUOTE_THE_VALUE)
    if _AFTER_QUOTED.search(before) and here.strip():
        return _after_quote(text, index)
    return Diagnostic(
        "E004", f"this is not YAML: {problem}", span, _hint(here, problem)
    )


def _word_without_colon(
    text: Text, index: int, context_index: int | None, problem: str
) -> Place | None:
    """The word alone on its line that was meant as a key, if this is the cause."""
    if "could not find expected ':'" in problem and context_index is not None:
        start, end = text.line_of(context_index)
    elif problem.startswith("mapping values"):
        here, _ = text.line_of(index)
        end = len(text.characters[:here].rstrip())
        start, end = text.line_of(max(end - 1, 0))
        if start == here:
            return None
    else:
        return None
    found = _BARE_WORD.match(text.characters, start, end)
    if found is None or text.characters[found.end() : end].strip():
        return None
    return found.span(1)


def _is_subscript(before: str) -> bool:
    return bool(before) and (before[-1].isalnum() or before[-1] in "_]")


def _quoted_hint(text: Text, index: int) -> str:
    """The advice to quote, with the type that the bracket at `index` belongs to if it is short."""
    characters = text.characters
    start = index
    while start and (
        characters[start - 1].isalnum() or characters[start - 1] in "_. |"
    ):
        start -= 1
    depth = 0
    for end in range(index, min(index + 60, len(characters))):
        depth += (characters[end] == "[") - (characters[end] == "]")
        if depth == 0:
            whole = characters[start : end + 1].strip()
            quote = "'" if '"' in whole else '"'
            return f"{_QUOTE_THE_VALUE}: {quote}{whole}{quote}"
    return _QUOTE_THE_VALUE


def _in_quotes(before: str) -> bool:
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1


def _after_quote(text: Text, index: int) -> Diagnostic:
    message = "a quoted YAML value ends at its closing quote"
    hint = (
        "quote the whole value in the other kind of quotes; "
        'an exact text is written Literal["…"]'
    )
    return Diagnostic("E023", message, text.span(index, index + 1), hint)


def _hint(here: str, problem: str) -> str:
    if here == "\t":
        return "indent with spaces"
    if "cannot start any token" in problem or "alphabetic" in problem:
        return f"if the text is meant, {_QUOTE_THE_VALUE}"
    if "not allowed in this context" in problem or "expected key" in problem:
        return "look at the indentation; a value that holds `: ` must be quoted"
    if "expected ',' or" in problem:
        return "close the bracket, or quote the value that holds brackets"
    return ""
