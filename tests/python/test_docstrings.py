"""Descriptions reach the reader of the generated code, and nothing else of it."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.python.docstrings import comment, docstring

PIECES = [
    *(
        '"',
        '"""',
        "'''",
        "\\",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "    ",
        "a",
        "word ",
    ),
    *(
        "\0",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\u3000",
        "\xa0",
        "\ud800",
        "{{ x }}",
        "漢",
    ),
    *("# fmt: off\n", "# type: ignore", "coding: latin-1", "\\N{DASH}", "\\x41"),
]
texts = st.text(st.characters(codec=None)) | st.lists(st.sampled_from(PIECES)).map(
    "".join
)


def formatted(source: str) -> str:
    return black.format_str(source, mode=black.Mode())


@given(texts, st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_string_as_black_writes_it(text: str, indent: int) -> None:
    code = docstring(text, indent)
    blocks = ["class A:\n", "    def f(self):\n"][: indent // 4]
    source = "".join(blocks) + (f"{code}\n" if code else f"{' ' * indent}pass\n")
    if code:
        (statement,) = innermost(ast.parse(source))
        assert isinstance(statement, ast.Expr)
        assert isinstance(statement.value, ast.Constant)
        assert isinstance(statement.value.value, str)
    assert formatted(source) == source


def innermost(module: ast.Module) -> list[ast.stmt]:
    body = module.body
    while isinstance(body[0], ast.ClassDef | ast.FunctionDef):
        body = body[0].body
    return body


@given(texts)
def test_the_text_survives(text: str) -> None:
    code = docstring(text, 0)
    found = ast.get_docstring(ast.parse(code)) or ""
    assert read(found) == read(text)


def read(text: str) -> list[str]:
    """The lines of a text as a reader sees them: without the spaces around them."""
    text = text.strip().expandtabs().replace("\r\n", "\n").replace("\r", "\n")
    return [line.strip() for line in inspect.cleandoc(text).strip().split("\n")]


def test_a_description_reads_as_it_was_written() -> None:
    assert docstring("One run.") == '    """One run."""'
    assert docstring("  One run.\n\n    - of one\n      agent\n", 0) == (
        '"""One run.\n\n- of one\n  agent\n"""'
    )
    assert docstring('"quoted"', 0) == '""" "quoted" """'
    assert docstring("C:\\new", 0) == '"""C:\\\\new"""'
    assert docstring(" \n\t ") == ""


@given(texts)
def test_a_comment_is_only_comments(text: str) -> None:
    code = comment(text)
    tokens = list(tokenize.generate_tokens(io.StringIO(code + "\n").readline))
    assert {token.type for token in tokens} <= {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.ENDMARKER,
    }
    assert formatted(f"{code}\n").strip() == code


@pytest.mark.parametrize(
    "text", ["fmt: off", "type: ignore[x]", "ruff: noqa", "mypy: strict=False"]
)
def test_a_comment_gives_no_orders_to_tools(text: str) -> None:
    tool, order = text.split(":", 1)
    assert comment(text, 4) == f"    # {tool} :{order}"


def test_a_comment_has_as_many_lines_as_its_text() -> None:
    assert comment("One.\n\nTwo.") == "# One.\n#\n# Two."
    assert comment(" ") == ""
