"""Both checkers see exactly what a factory makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.typing.checkers import Errors, marked_lines, mypy_errors, pyright_errors

FILE = Path(__file__).with_name("typed_use.py")


@pytest.mark.slow
@pytest.mark.parametrize("check", [mypy_errors, pyright_errors])
def test_errors_are_where_they_should_be(
    check: Callable[[Iterable[Path]], Errors],
) -> None:
    assert check([FILE]).keys() == marked_lines([FILE])
