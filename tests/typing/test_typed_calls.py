"""Both checkers see what the functions of a deployment take and give."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.cases.cases import FOLDER
from tests.typing.checkers import Errors, marked_lines, mypy_errors, pyright_errors

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize("check", [mypy_errors, pyright_errors])
def test_errors_are_where_they_should_be_and_nowhere_else(
    check: Callable[..., Errors], tmp_path: Path
) -> None:
    shutil.copytree(FOLDER / "functions/expected", tmp_path / "chat")
    files: Iterable[Path] = [
        Path(shutil.copy(HERE / name, tmp_path))
        for name in (
            *("calls_ok.py", "calls_refused.py"),
            *("deployments_ok.py", "deployments_refused.py"),
        )
    ]
    errors = check(files, root=tmp_path)
    expected = marked_lines(files)
    unexpected = {place: errors[place] for place in errors.keys() - expected}
    assert not unexpected
    assert not expected - errors.keys(), "not refused"
