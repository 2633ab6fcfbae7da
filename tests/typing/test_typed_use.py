"""Both checkers see the types of a generated package as its users do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing.checkers import Errors, marked_lines, mypy_errors, pyright_errors

HERE = Path(__file__).parent
FILES = [HERE / "typed_use_ok.py", HERE / "typed_use_refused.py"]


@pytest.mark.slow
@pytest.mark.parametrize("check", [mypy_errors, pyright_errors])
def test_errors_are_where_they_should_be_and_nowhere_else(check) -> None:
    errors: Errors = check(FILES)
    expected = marked_lines(FILES)
    unexpected = {place: errors[place] for place in errors.keys() - expected}
    assert not unexpected
    assert not expected - errors.keys(), "not refused"
