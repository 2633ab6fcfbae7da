"""What the reader makes of a construct is what the real package makes of it, or it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.typescript.compared import Answer, ours, theirs
from tests.typescript.real.exported import export
from tests.typescript.semantic_cases import Case, cases

CASES = cases()


@pytest.fixture(scope="module")
def real(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Answer]:
    """What the real package says of each case, all asked at once."""
    root = tmp_path_factory.mktemp("cases")
    asked = [case for case in CASES if case.verdict != "broken"]
    folders = [root / str(number) for number, _ in enumerate(asked)]
    for case, folder in zip(asked, folders, strict=True):
        case.write(folder)
    answers = export(installed, *(folder / "convex" for folder in folders))
    return {
        case.name: theirs(answer.schema)
        for case, answer in zip(asked, answers, strict=True)
    }


def test_names_are_unique() -> None:
    assert [
        name for name, n in Counter(case.name for case in CASES).items() if n > 1
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(
    case: Case, real: Mapping[str, Answer], installed: Path, tmp_path: Path
) -> None:
    case.write(tmp_path)
    found = ours(tmp_path, installed)
    if case.verdict == "broken":
        assert found.schema is None
        return
    expected = real[case.name]
    if case.verdict == "read":
        assert found == expected and found.schema is not None
    else:
        assert found.schema is None
        assert (expected.schema is None) is (case.verdict == "fails")
