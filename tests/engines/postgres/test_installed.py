"""What speaks to a server is needed by those only who have one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from generated import connect
from tests.typing.checkers import ROOT


@pytest.mark.parametrize("missing", ["psycopg", "psycopg_pool"])
def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError, match=r"tablewright\[postgres\]"):
        connect("postgresql://localhost/app")
    connect("sqlite://").close()


def test_a_file_does_without_it() -> None:
    program = (
        "import sys; from generated import connect; connect('sqlite://').close();"
        " print([name for name in sys.modules if name.startswith('psycopg')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
