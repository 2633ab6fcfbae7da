"""The schemas of real applications: the committed sample, or any folder of exports.

    pytest tests/corpus --corpus DIR

The sample in `schemas/` has its words replaced; its shapes, its cases of letters, its
punctuation and its name clashes are those of the applications.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "schemas"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--corpus", metavar="DIR", help="a folder of exported schemas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "exported" not in metafunc.fixturenames:
        return
    folder = metafunc.config.getoption("--corpus", default=None)
    files = sorted(Path(folder or SAMPLE).glob("*.json"))
    assert files, "a corpus without schemas"
    metafunc.parametrize("exported", files, ids=[file.stem for file in files])
