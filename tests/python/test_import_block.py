"""Imports come out as `ruff check --select I` and Black want them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import black
import pytest

from codegen.python.import_block import export_order, import_block

Wanted = dict[str, dict[str, str | None]]


def test_the_imports_of_a_table() -> None:
    wanted: Wanted = {
        "..types": {"RunStatus": None},
        "..types.artifact": {"Artifact": None},
        "..ids": {"WorkflowId": None},
        ".shared": {"note": None},
        "codegen.runtime": {"Query": None, "KEEP": None, "Document": "RuntimeDocument"},
        "builtins": {},
        "typing": {"overload": None, "Final": None},
    }
    assert import_block(wanted).splitlines() == [
        "import builtins",
        "from typing import Final, overload",
        "",
        "from codegen.runtime import KEEP, Query",
        "from codegen.runtime import Document as RuntimeDocument",
        "",
        "from ..ids import WorkflowId",
        "from ..types import RunStatus",
        "from ..types.artifact import Artifact",
        "from .shared import note",
    ]


def test_nothing_wanted_is_nothing_written() -> None:
    assert import_block({}) == ""


def test_what_does_not_fit_has_one_name_a_line() -> None:
    names: dict[str, str | None] = {f"Name{i}": None for i in (10, 9, 2)}
    module = "m" * 60
    assert import_block({module: names}, indent=4).splitlines() == [
        f"    from {module} import (",
        "        Name2,",
        "        Name9,",
        "        Name10,",
        "    )",
    ]


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="not a usable Python identifier"):
        import_block({"typing": {"a; import os": None}})


def test_ruff_and_black_change_nothing(tmp_path: Path) -> None:
    chance = random.Random("imports")
    for number in range(100):
        source = random_module(chance)
        assert black.format_str(source, mode=black.Mode()) == source
        (tmp_path / f"m{number}.py").write_text(source)
    select = ["--isolated", "--no-cache", "--select", "I,RUF022"]
    known = ["--config", "lint.isort.known-third-party=['codegen']"]
    ruff = [sys.executable, "-m", "ruff", "check", *select, *known, "--diff", "."]
    found = subprocess.run(
        ruff, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, ""), found.stderr


def random_module(chance: random.Random) -> str:
    wanted = {
        random_path(chance): random_names(chance) for _ in range(chance.randint(1, 8))
    }
    exports = sorted({random_name(chance) for _ in range(9)}, key=export_order)
    listed = "".join(f'    "{name}",\n' for name in exports)
    block = import_block(wanted, indent=4)
    return f"if __name__:\n{block}\n\n__all__ = [\n{listed}]\n"


def random_path(chance: random.Random) -> str:
    path = ".".join(random_name(chance) for _ in range(chance.choice([1, 1, 2])))
    absolute = [
        "typing",
        "collections.abc",
        "importlib",
        "codegen.runtime",
        "codegen.x2",
    ]
    return chance.choice([*absolute, ".", "..", f".{path}", f"..{path}", f"...{path}"])


def random_names(chance: random.Random) -> dict[str, str | None]:
    aliases = [None, None, None, None, random_name(chance)]
    count = chance.choice([1, 1, 2, 8])
    return {random_name(chance): chance.choice(aliases) for _ in range(count)}


def random_name(chance: random.Random) -> str:
    """Names with capitals, digits and underscores in all places where they may be."""
    rest = chance.choices("abABzZ_0129", k=chance.choice([1, 1, 2, 3, 8, 30, 64]))
    return chance.choice("abABzZ_") + "".join(rest)
