"""Each case folder gives the expected package, or the expected words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cases.cases import FOLDER, NAMES, Result, files_below, generate


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    result = generate(name, tmp_path)
    if request.config.getoption("--accept"):
        _accept(name, result)
    expected = FOLDER / name / "expected"
    words = FOLDER / name / "stderr.txt"
    assert result.stderr == (words.read_text("utf-8") if words.exists() else "")
    assert result.stdout == ""
    assert result.code == (0 if expected.exists() else 2)
    # The manifest says which generator wrote it, which is not the case's business.
    manifest = result.files.pop("_manifest.json", None)
    assert (manifest is not None) is expected.exists()
    assert result.files == files_below(expected)


def _accept(name: str, result: Result) -> None:
    folder = FOLDER / name
    shutil.rmtree(folder / "expected", ignore_errors=True)
    for path, data in result.files.items():
        if path != "_manifest.json":
            target = folder / "expected" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    words = folder / "stderr.txt"
    words.unlink(missing_ok=True)
    if result.stderr:
        words.write_text(result.stderr, "utf-8")
