from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.output.configuration import configuration_digest, configured_paths

PROJECT = b'[project]\nname = "codegen"\nscripts = ["x"]\n'


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (PROJECT + b"[tool.codegen]\n", ("schema", "generated")),
        (b'[tool.codegen]\nschema = "a/b"\noutput="src/gen"\n', ("a/b", "src/gen")),
        (b"[tool.codegen]\r\noutput = './gen/' # here\r\n", ("schema", "gen")),
        (
            b'[tool.codegen] # ours\noutput = "o"\n[tool.b]\noutput="p"\n',
            ("schema", "o"),
        ),
        (b'\xef\xbb\xbf[tool.codegen]\noutput = "o"\n', ("schema", "o")),
        (b'[tool.codegen.models]\nusers = "User"\n', ("schema", "generated")),
        ('[tool.codegen]\nschema = "é"\n'.encode(), ("é", "generated")),
    ],
)
def test_plain_configuration_is_read_by_lines(
    text: bytes, paths: tuple[str, str]
) -> None:
    assert configured_paths(text) == paths


@pytest.mark.parametrize(
    "text",
    [
        b"",
        PROJECT,
        b'[tool.codegen]\noutput = "../elsewhere"\n',
        b'[tool.codegen]\noutput = "/elsewhere"\n',
        b'[tool.codegen]\noutput = "a\\u002fb"\n',
        b'[tool.codegen]\nschema = ["a", "b"]\n',
        b'[tool.codegen]\nschema = """a"""\n',
        b'[tool.codegen]\n"schema" = """\na"""\n',
        b"[tool.codegen]\nschema = x\n",
        b'[tool.codegen]\nschema = "a"\n[tool.codegen]\nschema = "b"\n',
        b'[tool.codegen.targets.one]\noutput = "b"\n',
        b'[[tool.codegen.targets]]\noutput = "b"\n',
        b'[tool]\ncodegen.output = "b"\n',
        b'tool.codegen.output = "b"\n',
        b'["tool"."code\\u0067en"]\noutput = "b"\n',
    ],
)
def test_what_lines_cannot_tell_is_left_to_the_full_check(text: bytes) -> None:
    assert configured_paths(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PROJECT, PROJECT + b'[tool.ruff]\nselect = ["E"]\n'),
        (PROJECT + b"[tool.codegen]\nx = 1\n", b"[tool.codegen]\r\nx = 1\r\n"),
        (b"[tool.codegen]\nx = 1\n[a]\ny = 1\n", b"[tool.codegen]\nx = 1\n[b]\n"),
    ],
)
def test_other_tools_and_line_ends_do_not_count(one: bytes, other: bytes) -> None:
    assert configuration_digest(one) == configuration_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"[tool.codegen]\nx = 1\n", b"[tool.codegen]\nx = 2\n"),
        (b"[tool.codegen]\nx = [\n[1],\n[true]\n]\ny=1\n", b"[tool.codegen]\nx = [\n[1],\n[true]\n]\ny=2\n"),
        (b'[tool.codegen]\nx = """\n[a]\n1"""\n', b'[tool.codegen]\nx = """\n[a]\n2"""\n'),
        (b"[tool]\ncodegen = {x = 1}\n", b"[tool]\ncodegen = {x = 2}\n"),
        (b"tool = {codegen = {x = 1}}\n", b"tool = {codegen = {x = 2}}\n"),
        (b'["tool".codegen]\nx = 1\n', b'["tool".codegen]\nx = 2\n'),
        (b"[ tool . codegen ]\nx = 1\n", b"[ tool . codegen ]\nx = 2\n"),
        (b"[a]\n[tool.codegen.b]\nx = 1\n", b"[a]\n[tool.codegen.b]\nx = 2\n"),
        (b"  [tool.codegen]\n  x = 1\n", b"  [tool.codegen]\n  x = 2\n"),
    ],
)  # fmt: skip
def test_every_change_of_ours_counts(one: bytes, other: bytes) -> None:
    assert tomllib.loads(one.decode()) != tomllib.loads(other.decode())
    assert configuration_digest(one) != configuration_digest(other)


LINES = st.lists(
    st.sampled_from(
        [
            *(
                "[tool.codegen]",
                "[tool]",
                "[tool.codegen.models]",
                "[a]",
                "['tool'.codegen]",
            ),
            *(
                'x = """',
                '"""',
                "'''",
                "codegen.y = 1",
                "tool.codegen.z = 1",
                "z = [",
                "[1]",
            ),
            *(
                'schema = "a"',
                'schema = "b"',
                'output = "c"',
                "]",
                "[true]",
                "v = 1",
                "v = 2",
            ),
        ]
    ),
    max_size=9,
)


@given(LINES, LINES)
def test_equal_digests_mean_equal_configurations(
    one: list[str], other: list[str]
) -> None:
    texts = ["\n".join(lines) for lines in (one, other)]
    try:
        first, second = (tomllib.loads(text) for text in texts)
    except tomllib.TOMLDecodeError:
        return
    if ours(first) != ours(second):
        digests = [configuration_digest(text.encode()) for text in texts]
        assert digests[0] != digests[1]
    paths, told = configured_paths(texts[0].encode()), ours(first)
    if paths:
        assert paths == (told.get("schema", "schema"), told.get("output", "generated"))


def ours(pyproject: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = pyproject.get("tool", {}).get("codegen", {})
    return found
