"""What the layout writes is what Black would have written."""

from __future__ import annotations

import ast

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.python.code import (
    Call,
    Code,
    Display,
    Sub,
    Union,
    Value,
    dotted,
    identifier,
    keyword,
    literal,
)
from codegen.python.docstrings import docstring
from codegen.python.import_block import import_block
from codegen.python.layout import (
    BODY,
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    SELF,
    STUB,
    Parameter,
    alias,
    assignment,
    class_header,
    field,
    one_per_line,
    returned,
    signature,
)


def words(first: str, longest: int) -> st.SearchStrategy[Code]:
    """Names of all lengths, around the width of a line too."""
    lengths = st.one_of(st.integers(0, 12), st.integers(0, 40), st.integers(0, longest))
    return lengths.map(lambda length: identifier(first + "x" * length))


names = words("n", 64)
classes = words("C", 110)
texts = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="a b", max_size=120),
    st.text(alphabet="a.\"'\\\n", max_size=30),
    st.text(alphabet="漢é🎉a", max_size=50),
)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=9), texts
)
values: st.SearchStrategy[Value] = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(texts, inner, max_size=5)
    ),
    max_leaves=12,
)
functions = classes | st.builds(
    lambda a, b: dotted(f"{a}.{b}"), words("m", 30), classes
)
arguments = st.deferred(lambda: classes | values.map(literal) | calls)
calls: st.SearchStrategy[Code] = st.builds(
    lambda function, args, named: Call(
        function, [*args, *(keyword(name, value) for name, value in named)]
    ),
    functions,
    st.lists(arguments, max_size=3),
    st.lists(st.tuples(names, arguments), max_size=2),
)
literal_types = st.builds(
    lambda values: Sub(identifier("Literal"), map(literal, values)),
    st.lists(texts | st.integers(), min_size=1, max_size=8),
)
heads = st.sampled_from(
    [identifier("list"), identifier("Opt"), dotted("builtins.dict")]
)
types: st.SearchStrategy[Code] = st.recursive(
    classes | literal_types | st.just(literal(None)),
    lambda inner: st.one_of(
        st.builds(Sub, heads, st.lists(inner, min_size=1, max_size=3)),
        st.builds(Union, st.lists(inner, min_size=2, max_size=5)),
        st.builds(
            lambda inner, call: Sub(identifier("Annotated"), [inner, call]),
            inner,
            calls,
        ),
    ),
    max_leaves=6,
)
# a default comes from JSON, which has no tuples
encodable = values.filter(lambda value: not isinstance(value, tuple))
defaults = st.one_of(
    st.none(),
    st.just(identifier("KEEP")),
    classes,
    plain.map(literal),
    encodable.map(literal),
)
fields = st.builds(field, names, types, defaults)
parameters = st.builds(Parameter, names, types)
returns = st.one_of(
    classes,
    st.builds(lambda name: Sub(identifier("Query"), [name]), classes),
    st.builds(
        lambda name: Sub(identifier("Call"), [Sub(identifier("list"), [name])]), classes
    ),
)
BOUNDS = Parameter(identifier("bounds"), identifier("object"), stars=1)
parameter_lists = st.one_of(
    st.lists(parameters, max_size=4),
    st.lists(parameters, max_size=4).map(lambda rest: [SELF, *rest, POSITIONAL_ONLY]),
    st.lists(parameters, min_size=1, max_size=3).map(
        lambda rest: [SELF, KEYWORD_ONLY, *rest]
    ),
    st.just([SELF, POSITIONAL_ONLY, BOUNDS]),
)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A whole module: imports, aliases, a class with fields and methods, a constant."""
    lines: list[str] = [docstring("M " + draw(texts), 0), ""]
    wanted: dict[str, dict[str, str | None]] = {
        f"..{draw(names)}": dict.fromkeys(draw(st.lists(names, min_size=1, max_size=9)))
    }
    lines += [import_block(wanted), ""]
    lines += [alias(draw(classes), draw(types), identifier("TypeAlias"))]
    lines += [assignment(draw(names), literal(draw(values))), "", ""]
    bases = draw(st.lists(classes | types, max_size=2))
    named = draw(st.lists(st.tuples(names, values), max_size=2))
    args = [*bases, *(keyword(name, literal(value)) for name, value in named)]
    lines += [class_header(draw(classes), args), docstring("C " + draw(texts)), ""]
    for _ in range(draw(st.integers(1, 3))):
        lines += [draw(fields), *docstring(draw(texts)).splitlines()]
    for _ in range(2):
        name, params = draw(names), draw(parameter_lists)
        lines += ["", "    @overload", signature(name, params, draw(returns), STUB)]
        lines += [signature(name, params, draw(returns), BODY)]
        lines += [docstring("F " + draw(texts), 8), returned(draw(calls))]
    lines += ["", "", field(draw(names), identifier("Final"), draw(calls), indent=0)]
    lines += [one_per_line(draw(names), draw(displays))]
    return "\n".join(lines) + "\n"


displays = (
    st.lists(plain, max_size=4) | st.dictionaries(texts, plain, max_size=4)
).map(lambda value: as_display(literal(value)))


def as_display(code: Code) -> Display:
    assert isinstance(code, Display)
    return code


def formatted(source: str) -> str:
    return black.format_str(source, mode=black.Mode())


@settings(deadline=None)
@given(modules())
def test_black_changes_nothing(source: str) -> None:
    ast.parse(source)
    assert formatted(source) == source


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(modules())
def test_black_changes_nothing_at_length(source: str) -> None:
    assert formatted(source) == source


@settings(deadline=None)
@given(names, types, defaults)
def test_breaking_lines_keeps_the_meaning(
    name: Code, annotation: Code, default: Code | None
) -> None:
    tail = "" if default is None else f" = {default}"
    flat = ast.parse(f"{name}: {annotation}{tail}")
    broken = ast.parse(field(name, annotation, default, indent=0))
    assert ast.dump(broken) == ast.dump(flat)


def name(text: str) -> Code:
    return identifier(text)


def test_what_fits_stays_on_its_line() -> None:
    exact = "x" * (88 - len("    : str = None"))
    assert field(name(exact), name("str"), literal(None)) == f"    {exact}: str = None"
    assert signature(name("all"), [SELF, POSITIONAL_ONLY], name("Q"), STUB) == (
        "    def all(self, /) -> Q: ..."
    )


def test_wide_characters_take_two_columns() -> None:
    narrow, wide = (Sub(name("Literal"), [literal(c * 40)]) for c in "a待")
    assert "\n" not in field(name("status"), narrow)
    assert "\n" in field(name("status"), wide)


def test_a_default_moves_to_its_own_line() -> None:
    assert field(name("agent"), name("T" * 60), literal("a" * 20)) == "\n".join(
        [f"    agent: {'T' * 60} = (", f'        "{"a" * 20}"', "    )"]
    )


def test_a_long_literal_type_has_one_value_a_line() -> None:
    arms = [literal(letter * 20) for letter in "abcd"]
    assert alias(
        name("Status"), Sub(name("Literal"), arms), name("TypeAlias")
    ).splitlines() == [
        "Status: TypeAlias = Literal[",
        *(f"    {arm}," for arm in arms),
        "]",
    ]


def test_a_long_union_is_led_by_its_bars() -> None:
    arms = [name(letter * 40) for letter in "ABC"]
    assert field(name("event"), Union(arms)).splitlines() == [
        "    event: (",
        f"        {arms[0]}",
        f"        | {arms[1]}",
        f"        | {arms[2]}",
        "    )",
    ]


def test_a_method_breaks_between_its_brackets_first() -> None:
    params = [SELF, Parameter(name("status"), name("RunStatus")), POSITIONAL_ONLY]
    assert signature(name("by_" + "x" * 50), params, name("Query"), STUB) == "\n".join(
        [
            f"    def by_{'x' * 50}(",
            "        self, status: RunStatus, /",
            "    ) -> Query: ...",
        ]
    )


def test_a_class_with_many_keywords_has_one_a_line() -> None:
    wire = keyword(name("wire"), literal({f"field_{i}": f"f{i}" for i in range(5)}))
    table = keyword(name("table"), literal("messages"))
    assert class_header(name("Message"), [name("Document"), table]) == (
        'class Message(Document, table="messages"):'
    )
    assert class_header(
        name("Message"), [name("Document"), table, wire]
    ).splitlines() == [
        "class Message(",
        "    Document,",
        '    table="messages",',
        "    wire={",
        *(f'        "field_{i}": "f{i}",' for i in range(5)),
        "    },",
        "):",
    ]


def test_a_list_of_exports_has_one_name_a_line() -> None:
    exports = as_display(literal(["A", "B"]))
    assert (
        one_per_line(name("__all__"), exports) == '__all__ = [\n    "A",\n    "B",\n]'
    )
    assert one_per_line(name("__all__"), as_display(literal([]))) == "__all__ = []"
