"""The same bytes for any hash seed, working directory, locale, order of tables, line ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.cases import FOLDER, files_below
from tests.typing.checkers import ROOT

CASES = ("unions", "names", "several", "scalars")


def generated(
    schema: Path, folder: Path, cwd: Path, **environment: str
) -> dict[str, bytes]:
    output = folder / "out"
    command = [sys.executable, "-m", "codegen", "generate"]
    command += ["--schema", str(schema), "--output", str(output)]
    subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=True,
        capture_output=True,
    )
    files = files_below(output)
    del files["_manifest.json"]  # names the input files, which lie elsewhere here
    return files


@pytest.mark.parametrize("case", CASES)
def test_same_bytes(case: str, tmp_path: Path) -> None:
    schema = FOLDER / case / "schema"
    expected = files_below(FOLDER / case / "expected")
    circumstances: list[tuple[Path, dict[str, str]]] = [
        (tmp_path, {"PYTHONHASHSEED": "1", "LC_ALL": "C"}),
        (Path("/"), {"PYTHONHASHSEED": "4711", "LC_ALL": "C.UTF-8"}),
        (ROOT, {"PYTHONHASHSEED": "0", "PYTHONUTF8": "0", "TZ": "Asia/Tokyo"}),
    ]
    for number, (cwd, environment) in enumerate(circumstances):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert generated(schema, folder, cwd, **environment) == expected


def test_same_bytes_for_windows_line_ends_and_another_order(tmp_path: Path) -> None:
    text = (FOLDER / "unions/schema/app.yaml").read_text()
    types, tables = text.split("tables:\n")
    blocks = ("\n" + tables).split("\n\n")
    turned = (
        types + "tables:\n" + "\n\n".join(b.strip("\n") for b in blocks[::-1]) + "\n"
    )
    assert turned != text
    (tmp_path / "app.yaml").write_bytes(turned.encode().replace(b"\n", b"\r\n"))
    expected = files_below(FOLDER / "unions/expected")
    assert generated(tmp_path / "app.yaml", tmp_path, tmp_path) == expected
