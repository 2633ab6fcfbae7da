"""What a schema says can't become anything but one literal, name or expression."""

from __future__ import annotations

import ast
import math
import re
import sys
import unicodedata

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError

from codegen.python.characters import escaped, width
from codegen.python.code import (
    Call,
    Code,
    Sub,
    Union,
    Value,
    dotted,
    identifier,
    keyword,
    literal,
    only_code,
)

HOSTILE = [
    '"""',
    "'''",
    "\\",
    '\\"',
    "'\"",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x85",
    "\u2028",
    "\u202e",
    "\ud800",
    "\udc00",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "#",
    ")",
    "; import os",
    "__import__('os')",
    "\\N{DASH}",
    "\\x41",
    "漢字",
    "é",
    "👩‍👧",
    "a",
    " ",
]
texts = st.one_of(
    st.text(st.characters(codec=None)), st.lists(st.sampled_from(HOSTILE)).map("".join)
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.binary(),
    texts,
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=8,
)


def exactly(value: object) -> str:
    """A text that is the same for two values only if they are equal in type and sign too."""
    return repr(value)


@given(values)
def test_a_literal_evaluates_to_the_very_value(value: Value) -> None:
    assert exactly(ast.literal_eval(literal(value))) == exactly(value)


@given(values)
def test_a_literal_is_printable_on_one_line_in_any_encoding_of_unicode(
    value: Value,
) -> None:
    text = literal(value)
    assert len(text.splitlines()) == 1
    assert text.encode("utf-8").decode("utf-8") == text


@given(texts | st.binary() | st.floats(allow_nan=False) | st.integers())
def test_a_plain_literal_is_as_black_writes_it(value: Value) -> None:
    source = f"x(\n    {literal(value)},\n)\n"
    assert black.format_str(source, mode=black.Mode()) == source


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("both ' and \"", '"both \' and \\""'),
        (1e16, "1e16"),
        (1e-7, "1e-07"),
        (-0.0, "-0.0"),
        (math.nan, 'float("nan")'),
        (-math.inf, 'float("-inf")'),
        ((1,), "(1,)"),
        ({"a": [1]}, '{"a": [1]}'),
        (b'\x00"', "b'\\x00\"'"),
        ("\u202e\ud800\x7f", '"\\u202e\\ud800\\x7f"'),
    ],
)
def test_literals_read_as_a_person_would_write_them(value: Value, source: str) -> None:
    assert literal(value) == source


def test_only_plain_data_has_a_literal() -> None:
    with pytest.raises(TypeError, match="a set has no literal"):
        literal({1})  # type: ignore[arg-type]  # what the test is about
    with pytest.raises(TypeError, match="must be a str, not int"):
        literal({1: 2})  # type: ignore[dict-item]  # what the test is about


@given(st.text() | st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]*\Z"))
def test_an_identifier_is_one_name_or_refused(name: str) -> None:
    try:
        code = identifier(name)
    except ValueError:
        assert not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) or not is_name(name)
    else:
        assert is_name(code)


def is_name(source: str) -> bool:
    try:
        return isinstance(ast.parse(source, mode="eval").body, ast.Name)
    except SyntaxError:
        return False


@pytest.mark.parametrize("name", ["", "class", "None", "é", "a b", "a\n", "1a", "a.b"])
def test_what_is_no_identifier_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a usable Python identifier"):
        identifier(name)


@pytest.mark.parametrize("name", [".", "..", "..types.artifact", "builtins.list", "a"])
def test_paths_of_modules_are_code(name: str) -> None:
    assert dotted(name) == name


@pytest.mark.parametrize("name", ["", "a.", "a..b", "a.class", "..a b", "a.b()"])
def test_what_is_no_path_of_a_module_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a usable Python identifier"):
        dotted(name)


def test_trees_are_their_own_text() -> None:
    text = identifier("str")
    opt = Sub(identifier("Opt"), [Union([text, Union([literal(None), text])])])
    assert opt == "Opt[str | None | str]"
    assert (
        Call(identifier("f"), [text, keyword(identifier("x"), opt)])
        == f"f(str, x={opt})"
    )
    assert Call(identifier("f")) == "f()"


def environment() -> Environment:
    return Environment(undefined=StrictUndefined, finalize=only_code)


def test_a_template_prints_code() -> None:
    template = environment().from_string("x = {{ value }}")
    assert template.render(value=literal("a\nb")) == 'x = "a\\nb"'


@pytest.mark.parametrize("value", ["text", 1, None, ["a"]])
def test_a_template_prints_nothing_else(value: object) -> None:
    template = environment().from_string("{{ value }}")
    with pytest.raises(TypeError, match="only Code can be printed, not"):
        template.render(value=value)


def test_a_template_that_misspells_a_name_is_told_so() -> None:
    with pytest.raises(UndefinedError, match="'vlaue' is undefined"):
        environment().from_string("{{ vlaue }}").render(value=Code("x"))


def test_a_text_of_a_template_itself_is_no_code() -> None:
    with pytest.raises(TypeError, match="only Code can be printed, not str 'x'"):
        environment().from_string("{{ 'x' }}").render()


def test_all_that_cannot_be_seen_is_escaped() -> None:
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        category = unicodedata.category(char)
        if category[0] in "CZ" and category != "Cn" and char != " ":
            assert escaped(char).isascii()


def test_characters_are_as_wide_as_black_takes_them_for() -> None:
    from black.strings import str_width

    for start in range(0, sys.maxunicode, 256):
        text = escaped("".join(map(chr, range(start, start + 256))))
        assert width(text) == str_width(text), hex(start)
