"""The benchmarks run; what they find at this size means nothing and is not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import BENCHMARKS
from .processes import Contender, codegen, python, take_turns
from .projects import Scale, Workshop, always
from .rows import Row, table
from .schemas import write_convex_json, write_yaml

TINY = Scale(tables=3, turns=1, slow_turns=1)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_prints_its_rows(name: str, tmp_path: Path) -> None:
    rows = list(BENCHMARKS[name](TINY, Workshop(tmp_path)))
    assert any(row.at_least or row.at_most for row in rows)
    for row in rows:
        assert (row.ratio is None) == (row.verdict == "not run")
        assert row.what in table(rows)


def test_both_languages_say_the_same_schema(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    packages: list[dict[str, bytes]] = []
    for suffix, write in (("yaml", write_yaml), ("json", write_convex_json)):
        project = workshop.project(write, suffix, 5)
        take_turns(Contender(codegen("generate"), always(project), 1))
        files = (project / "generated").rglob("*.py")
        packages.append({path.name: path.read_bytes() for path in files})
    assert "item4.py" in packages[0]
    assert packages[0] == packages[1]


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    broken = Contender(python("-c", "raise SystemExit('no')"), always(tmp_path), 1)
    with pytest.raises(RuntimeError, match="no\n"):
        take_turns(broken)


def test_a_budget_has_a_side() -> None:
    rows = [
        Row("as fast as it should be", 1.0, "", at_least=0.95),
        Row("too slow", 0.9, "", at_least=0.95),
        Row("as slow as it may be", 5.0, "", at_most=5.5),
        Row("too much slower", 6.0, "", at_most=5.5),
        Row("only to be known", 2.0, ""),
        Row("without the other", None, "", at_least=2.0),
    ]
    verdicts = ["ok", "over budget", "ok", "over budget", "", "not run"]
    assert [row.verdict for row in rows] == verdicts
