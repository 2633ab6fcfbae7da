"""The methods of strings, but those that need regular expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from .array_methods import bounds
from .values import JsArray, Origin, Unreadable, Value, known, size_of, to_text

if TYPE_CHECKING:
    from .evaluate import Evaluator

StringMethod: TypeAlias = "Callable[[Evaluator, str, list[Value], Origin], Value]"


# Not the same as Python's.
_BLANKS: Final = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def _texts(args: list[Value], count: int, origin: Origin) -> list[str]:
    """Exactly so many arguments, all of them strings."""
    texts = [value for value in map(known, args) if isinstance(value, str)]
    if len(texts) != count or len(args) != count:
        raise Unreadable("a method of a string with these arguments", origin)
    return texts


def _trim(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    return text.strip(_BLANKS)


def _case(change: Callable[[str], str]) -> StringMethod:
    """Only of ASCII is it certain that Python and JavaScript agree."""

    def method(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
        if not text.isascii():
            raise Unreadable("the case of letters beyond ASCII", origin)
        return change(text)

    return method


def _tested(test: Callable[[str, str], bool]) -> StringMethod:
    def method(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
        return test(text, *_texts(args, 1, origin))

    return method


def _split(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    (separator,) = _texts(args, 1, origin)
    return JsArray([*(text.split(separator) if separator else text)])


def _replace(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    old, new = _texts(args, 2, origin)
    if "$" in new or not old:
        raise Unreadable("`replace` with this pattern", origin)
    return text.replace(old, new, 1)


def _replace_all(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    old, new = _texts(args, 2, origin)
    if "$" in new or not old:
        raise Unreadable("`replaceAll` with this pattern", origin)
    e.spend(text.count(old) * size_of(new), origin)
    return text.replace(old, new)


def _slice(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    return text[bounds(args, origin)]


def _char_at(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    if not args or not isinstance(args[0], float) or not args[0].is_integer():
        raise Unreadable("`charAt` with this argument", origin)
    index = int(args[0])
    return text[index] if 0 <= index < len(text) else ""


def _repeat(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    if not args or not isinstance(args[0], float) or not 0 <= args[0] <= 1000:
        raise Unreadable("`repeat` with this argument", origin)
    times = int(args[0])
    e.spend(size_of(text) * times, origin)
    return text * times


def _concat(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    texts = [to_text(known(value), origin) for value in args]
    e.spend(sum(map(size_of, texts)), origin)
    return "".join((text, *texts))


def _self(e: Evaluator, text: str, args: list[Value], origin: Origin) -> Value:
    return text


STRING_METHODS: Final[dict[str, StringMethod]] = {
    "charAt": _char_at,
    "concat": _concat,
    "endsWith": _tested(str.endswith),
    "includes": _tested(str.__contains__),
    "repeat": _repeat,
    "replace": _replace,
    "replaceAll": _replace_all,
    "slice": _slice,
    "split": _split,
    "startsWith": _tested(str.startswith),
    "toLowerCase": _case(str.lower),
    "toString": _self,
    "toUpperCase": _case(str.upper),
    "trim": _trim,
}
