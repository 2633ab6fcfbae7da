from __future__ import annotations

import pytest

from codegen.ir.notation import form, notation
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    COMMIT_TS,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (STRING, "str"),
        (BIGINT, "int"),
        (NUMBER, "float"),
        (COMMIT_TS, "CommitTs"),
        (Literal.of('it\'s "x"\n'), 'Literal["it\'s \\"x\\"\\n"]'),
        (Literal.of(1), "Literal[1]"),
        (Literal.of(1.0), "Literal[1.0]"),
        (Literal.of(-0.0), "Literal[-0.0]"),
        (Literal.of(True), "Literal[True]"),
        (Id("users"), "Id[users]"),
        (Id("class"), 'Id["class"]'),
        (Array(Id("users")), "list[Id[users]]"),
        (Record(STRING, ANY), "dict[str, Any]"),
        (Named("Status"), "Status"),
        (NEVER, "Never"),
        (Union((STRING, NULL)), "str | None"),
        (Union((STRING,)), "str"),
        (Union((Literal.of("a"), Literal.of("b"), NULL)), 'Literal["a", "b"] | None'),
        (Union((STRING, Union((NULL, BOOLEAN)))), "str | (None | bool)"),
        (Array(Union((STRING, NULL))), "list[str | None]"),
        (Constrained(NUMBER, (Constraint("ge", 0),)), "Annotated[float, Ge(0)]"),
        (
            Constrained(
                STRING, (Constraint("minLength", 1), Constraint("pattern", "^a"))
            ),
            'Annotated[str, MinLen(1), Pattern("^a")]',
        ),
        (
            Object((Field("a", STRING), Field("b", NUMBER, True, Default(1)))),
            "{a: str, b?: float = ...}",
        ),
    ],
)
def test_a_type_reads_as_it_is_written(node: Type, text: str) -> None:
    assert notation(node) == text


def test_the_form_of_a_type_is_short() -> None:
    nodes: list[Type] = [
        *(STRING, Literal.of("a"), Id("t"), Array(ANY), Record(STRING, ANY), NEVER),
        *(Named("T"), Constrained(ANY, ()), Object(())),
    ]
    assert [form(node) for node in nodes] == [
        *("str", "a literal", "an id", "a list", "a dict", "a union"),
        *("a named type", "a constrained type", "an object"),
    ]
