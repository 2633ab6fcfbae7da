"""Of random programs the reader says what the real package says, or that it can't tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tests.typescript.compared import ours, theirs
from tests.typescript.random_programs import programs
from tests.typescript.real.exported import export
from tests.typescript.semantic_cases import HEADER, SCHEMA

_PROGRAMS = 60
_FOOTER = "export default defineSchema({ t: defineTable(fields) });"


@pytest.mark.slow
@pytest.mark.parametrize("asks_the_world", [False, True])
def test_programs(asks_the_world: bool, installed: Path, tmp_path: Path) -> None:
    folders: list[Path] = []
    for number, text in enumerate(some(programs(asks_the_world=asks_the_world))):
        folders.append(tmp_path / str(number))
        (folders[-1] / "convex").mkdir(parents=True)
        (folders[-1] / SCHEMA).write_text(f"{HEADER}\n{text}\n{_FOOTER}\n", "utf-8")
    # The packages' answers take most of the time: all are asked at once.
    answers = export(installed, *(folder / "convex" for folder in folders))
    refused = 0
    for folder, answer in zip(folders, answers, strict=True):
        expected, found = theirs(answer.schema), ours(folder, installed)
        if found.schema is None:
            refused += expected.schema is not None
        elif expected.schema is not None:
            assert found == expected, (folder / SCHEMA).read_text("utf-8")
    # A condition that can't be told spoils many programs; nothing else may spoil more than a few.
    assert refused <= len(folders) * (0.6 if asks_the_world else 0.2)


def some(strategy: SearchStrategy[str]) -> list[str]:
    """Different values that a strategy makes."""
    found: dict[str, None] = {}

    @settings(
        max_examples=_PROGRAMS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(strategy)
    def collect(value: str) -> None:
        found[value] = None

    collect()
    return list(found)
