"""Samples: documents whose schema nobody has written down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from codegen.diagnostics import Diagnostics
from codegen.importers.options import Options
from codegen.importers.samples import read_samples
from codegen.ir.checks import check

from .importing import of_text, told
from .verdicts import import_takes


def test_samples(tmp_path: Path) -> None:
    source = """\
{"n": 1, "s": null, "tags": [], "deep": {"list": [{"a": 1}, {"b": "x"}]}, "mixed": 1}

{"n": 2.5, "s": "x", "tags": [true], "deep": {"list": []}, "mixed": "x", "some-one": 1}
"""
    text, found = of_text(tmp_path, "events.jsonl", source)
    assert told(found) == [
        "3:74 W806 field \"some-one\" contains '-': only letters, digits and underscores "
        "may follow; it is left out"
    ]
    assert text == """\
types:
  EventDeepList: {a?: int, b?: str}

tables:
  events:
    fields:
      n: float
      s: str | None
      tags: list[bool]
      deep:
        list: list[EventDeepList]
      mixed: int | str
"""


ONE_AT_LEAST = "E805 a sample is an object, and a file of samples has one at least"
TOO_LARGE = "E801 this number is too large for one of 64 bits"


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("a.json", "[1, {}]", f"1:2 {ONE_AT_LEAST}"),
        ("a.json", "[]", f"1:1 {ONE_AT_LEAST}"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "2:7 E801 not JSON: Expecting value"),
        ("a.jsonl", "", f"1:1 {ONE_AT_LEAST}"),
        ("a.jsonl", '{"a": NaN}', "1:1 E801 not JSON: NaN is not JSON"),
        ("a.json", '[{"a": 1, "a": 2}]', '1:11 E801 key "a" is there twice'),
        ("a.jsonl", '{"a": 1}\n{"a": 1, "a": 2}', '2:10 E801 key "a" is there twice'),
        ("a.json", '{"a": ["1e400", 1e400]}', f"1:17 {TOO_LARGE}"),
        ("a.json", '{"a": -' + "9" * 400 + "}", f"1:7 {TOO_LARGE}"),
        ("a.jsonl", '{}\n{"a": 1e400}', f"2:7 {TOO_LARGE}"),
    ],
)
def test_samples_that_are_none(
    tmp_path: Path, name: str, source: str, message: str
) -> None:
    text, found = of_text(tmp_path, name, source)
    assert (text, told(found)) == (None, [message])


def _fields(folder: Path, *samples: dict[str, Any]) -> tuple[str, list[str]]:
    """The fields of the table, and what is said."""
    text, found = of_text(folder, "things.json", json.dumps([*samples]))
    return str(text).partition("    fields:")[2], told(found)


def test_whole_numbers_beyond_64_bits_are_floats(tmp_path: Path) -> None:
    largest = 2**63 - 1
    fields, found = _fields(
        tmp_path, {"a": largest, "b": largest + 1}, {"a": 1, "b": 1}
    )
    assert (fields, found) == ("\n      a: int\n      b: float\n", [])


def test_keys_that_come_with_the_data_make_a_dict(tmp_path: Path) -> None:
    one, other = {"m": {"u-1": 1, "u-2": 2}}, {"m": {"u-3": 3.5}}
    assert _fields(tmp_path, one, other) == ("\n      m: dict[str, float]\n", [])
    assert _fields(tmp_path, {"m": {}}) == ("\n      m: dict[str, Any]\n", [])
    deep = {"m": {"1": {"x": 1}, "2": {"x": 2, "y": "z"}}}
    fields, found = _fields(tmp_path, deep)
    assert ("m: dict[str, " in fields, found) == (True, [])


def test_keys_that_no_dict_has_are_said(tmp_path: Path) -> None:
    fields, found = _fields(tmp_path, {"m": {"1": 1, "\u00e9": 1, "$x": 2}})
    assert fields == "\n      m: dict[str, int]\n"
    assert found == [
        '1:17 W813 2 keys of dicts can\'t be one here: the first is "\u00e9"'
    ]


def test_one_bad_name_costs_no_other_field_its_type(tmp_path: Path) -> None:
    sample = {
        "ship-to": "x",
        "@id": 1,
        "_rev": 2,
        "_id": "k",
        "a": 1,
        "in": {"b-c": 1, "d": 2},
    }
    fields, found = _fields(tmp_path, sample)
    assert fields == "\n      a: int\n      in: {d: int}\n"
    assert [line.partition(";")[0] for line in found] == [
        "1:3 W806 field \"ship-to\" contains '-': only letters, digits and underscores may follow",
        "1:19 W806 field \"@id\" starts with '@', and not with a letter",
        '1:29 W806 field "_rev" can\'t be one of a document\'s',
        '1:40 W806 field "_id" is the document\'s own',
        "1:67 W806 field \"b-c\" contains '-': only letters, digits and underscores may follow",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["people.jsonl", "person.json"])
def test_samples_and_plain_schemas_need_no_library(tmp_path: Path, name: str) -> None:
    sample = '{"a": 1}\n'
    schema = '{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}'
    source = sample if name.endswith("jsonl") else schema
    (tmp_path / name).write_text(source, "utf-8")
    program = (
        "import sys; sys.modules['datamodel_code_generator'] = None; "
        f"from codegen.cli.main import run; sys.exit(run(['import', {name!r}]))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "      a: int\n" in done.stdout


NAMES = st.sampled_from(["a", "b", "c_1", "_d"])
KEYS = st.sampled_from(["u-1", "u-2", "7", "", "$x", "\u00e9"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**70, 1.0])
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(NAMES, inner, max_size=3)
    | st.dictionaries(KEYS, inner, max_size=3)
    | st.dictionaries(NAMES | KEYS, inner, max_size=3),
    max_leaves=6,
)
TOP = st.sampled_from(["a", "b", "c_1"])
DOCUMENTS = st.lists(st.dictionaries(TOP, VALUES, max_size=4), min_size=1, max_size=4)


@pytest.mark.slow
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(DOCUMENTS, st.sampled_from(["int", "float"]))
def test_what_is_made_of_samples_takes_them(
    tmp_path_factory: pytest.TempPathFactory,
    samples: list[dict[str, Any]],
    integers: str,
) -> None:
    path = tmp_path_factory.getbasetemp() / "things.jsonl"
    lines = "".join(f"{json.dumps(one)}\n" for one in samples)
    path.write_text(lines, "utf-8")
    found = Diagnostics()
    loaded = read_samples(str(path), Options(integers=integers), found, [])
    assert loaded is not None
    assert check(loaded.schema) == []
    assume(not len(found))
    document = loaded.schema.tables["things"].document
    for one in samples:
        assert import_takes(loaded.schema, document, one), (one, document)
