"""Imports, exports and backups beside programs that write, and when they are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest

from codegen.engines.bare import open_bare
from codegen.engines.sql.documents import has_more_than
from tests.engines.packages import imported, package
from tests.engines.safety.processes import Pipe, other
from tests.transfer.contents import check_sound, contents, done

SCHEMA = """
tables:
  pairs:
    fields:
      n: float
      half: Literal["left", "right"]
    indexes:
      by_n: [n]
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path}/app.db"


def write_pairs(pipe: Pipe, folder: Path, url: str) -> None:
    """Writes pairs without end, each in a transaction of its own."""
    made = imported(folder, "pairs")
    with made.server.connect(url, synchronous="normal") as db:
        for n in count():
            with db.transaction():
                db.insert(made.PairNew(n=n, half="left"))
                db.insert(made.PairNew(n=n, half="right"))
            pipe.send(n)


def whole_pairs(lines: list[str]) -> bool:
    """Whether no pair is half, and none is missing."""
    halves: dict[float, set[str]] = {}
    for line in lines:
        document = json.loads(line)
        halves.setdefault(document["n"], set()).add(document["half"])
    return all(len(pair) == 2 for pair in halves.values()) and set(halves) == {
        *range(len(halves))
    }


def test_an_export_is_one_moment(url: str, tmp_path: Path) -> None:
    package(tmp_path, SCHEMA, "pairs")
    with other(write_pairs, tmp_path, url) as writer:
        for turn in range(8):
            seen = writer.hear()
            done(
                ["export-data", "--db", url, f"{turn}.jsonl", "--table", "pairs"],
                tmp_path,
            )
            lines = (tmp_path / f"{turn}.jsonl").read_text().splitlines()
            assert len(lines) >= 2 * seen
            assert whole_pairs(lines)


def test_a_backup_under_load(url: str, tmp_path: Path) -> None:
    package(tmp_path, SCHEMA, "pairs")
    with other(write_pairs, tmp_path, url) as writer:
        for turn in range(4):
            seen = writer.hear()
            file = f"{turn}.db" if url.startswith("sqlite") else f"{turn}.zip"
            done(["backup", "--db", url, file], tmp_path)
            restored = f"sqlite:///{tmp_path}/restored{turn}.db"
            done(["restore", file, "--db", restored], tmp_path)
            check_sound(restored)
            lines = contents(restored)["pairs"]["by_n"]
            assert len(lines) >= 2 * seen
            assert whole_pairs(lines)


def start(folder: Path, *argv: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "codegen", *argv]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True)


def write_lines(path: Path, number: int) -> None:
    with path.open("w") as file:
        for n in range(number):
            file.write(f'{{"n":{n},"half":"left"}}\n')


def test_a_killed_import_leaves_nothing(url: str, tmp_path: Path) -> None:
    package(tmp_path, SCHEMA, "pairs")
    imported(tmp_path, "pairs").server.connect(url).close()
    write_lines(tmp_path / "pairs.jsonl", 100_000)
    before = contents(url)
    argv = ("import-data", "--db", url, "pairs.jsonl")
    # The longer it may run, the more it has written when it is killed.
    for patience in (0.4, 0.6, 0.9):
        with start(tmp_path, *argv) as killed:
            sleep(patience)
            if killed.poll() is not None:
                pytest.fail("the import was done too soon to be killed")
            killed.send_signal(signal.SIGKILL)
    assert contents(url) == before
    check_sound(url)
    done([*argv], tmp_path)
    assert len(contents(url)["pairs"]["by_n"]) == 100_000


def test_two_imports_at_once(url: str, tmp_path: Path) -> None:
    """Both make the database; one of them finds the documents of the other."""
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text('[tool.codegen]\nschema = "schema.yaml"\n')
    write_lines(tmp_path / "pairs.jsonl", 3000)
    argv = ("import-data", "--db", url, "pairs.jsonl")
    both = [start(tmp_path, *argv) for _ in range(2)]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in both]
    (out, _, _), (_, errors, code) = sorted(ended, key=lambda one: one[2])
    assert out == "pairs: 3,000 documents\n"
    assert code == 2
    assert "table `pairs` has documents" in errors
    check_sound(url)


def test_programs_wait_for_an_import(url: str, tmp_path: Path) -> None:
    """What reads meanwhile sees nothing of it, and what writes does so afterwards."""
    made = package(tmp_path, SCHEMA, "pairs")
    write_lines(tmp_path / "pairs.jsonl", 12_000)
    with made.server.connect(url) as db:
        with start(tmp_path, "import-data", "--db", url, "pairs.jsonl") as running:
            counts: set[int] = set()
            end = monotonic() + 60
            while running.poll() is None and monotonic() < end:
                counts.add(len(db.run(made.pairs.full_scan())))
                sleep(0.02)
            assert running.returncode == 0
        assert counts <= {0, 12_000}
        db.insert(made.PairNew(n=-1, half="left"))
        assert len(db.run(made.pairs.full_scan())) == 12_001


def test_subscribers_are_told(url: str, tmp_path: Path) -> None:
    made = package(tmp_path, SCHEMA, "pairs")
    write_lines(tmp_path / "pairs.jsonl", 3)
    with (
        made.server.connect(url) as db,
        db.subscribe(made.pairs.by_n(), timeout_ms=20_000) as results,
    ):
        assert next(results) == []
        done(["import-data", "--db", url, "pairs.jsonl"], tmp_path)
        assert [pair.n for pair in next(results)] == [0, 1, 2]


@pytest.mark.slow
def test_memory_does_not_grow_with_documents(url: str, tmp_path: Path) -> None:
    """Peaks of whole processes, in KiB: ten times as many documents need hardly more."""
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text('[tool.codegen]\nschema = "schema.yaml"\n')
    program = (
        "import resource, sys; from codegen.cli.main import run; code = run(sys.argv[1:]);"
        " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
        " sys.exit(code)"
    )
    peaks: dict[str, list[int]] = {}
    for number in (20_000, 200_000):
        write_lines(tmp_path / "pairs.jsonl", number)
        for argv in (
            ("import-data", "--db", url, "pairs.jsonl", "--mode", "replace"),
            ("export-data", "--db", url, f"{number}.zip"),
            ("import-data", "--db", url, f"{number}.zip", "--mode", "replace"),
            ("copy", url, f"sqlite:///{tmp_path}/copy{number}.db"),
        ):
            command = [sys.executable, "-c", program, *argv]
            ran = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, ran.stderr
            peak = int(ran.stderr.splitlines()[-1])
            key = " ".join(argv[:1]) + (".zip" if argv[-3].endswith("zip") else "")
            peaks.setdefault(key, []).append(peak)
    with open_bare(url, 10_000) as database:
        catalog = database.catalog
        assert has_more_than(catalog, catalog.layouts()["pairs"], 199_999)
    for few, many in peaks.values():
        assert many < few + 20_000, peaks
