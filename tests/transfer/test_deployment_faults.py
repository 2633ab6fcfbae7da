"""Copies into deployments that are killed, cut off or disturbed, and go on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from codegen.convex import Options
from tests.cases.cases import codegen
from tests.deployments.deployed_schema import running_schema
from tests.deployments.faulty import serving
from tests.deployments.mock_deployment import Place
from tests.deployments.wire import Fate, wire
from tests.transfer.contents import done
from tests.transfer.copies import SCHEMA, env_file, fill, meaning

COUNT = 600
LOAD = b"tablewright:load"


@pytest.fixture(scope="module")
def first(models: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database whose documents take several batches."""
    url = f"sqlite:///{tmp_path_factory.mktemp('first')}/first.db"
    fill(models, url, COUNT)
    return url


@pytest.fixture
def place(tmp_path: Path, node_folder: Path) -> Iterator[Place]:
    (folder := tmp_path / "app").mkdir()
    with running_schema(node_folder, folder, SCHEMA, 20_001) as place:
        env_file(tmp_path, ".env.direct", place)
        yield place


@contextmanager
def behind(place: Place, folder: Path, fate: Callable[[bytes], Fate]) -> Iterator[None]:
    """The deployment behind a network with such fates, as `convex:.env.wire`."""
    with serving([wire(place, fate)]) as wired:
        env_file(folder, ".env.wire", place._replace(url=wired.url))
        yield


def check_complete(first: str, folder: Path) -> None:
    """Asserts that the deployment has all documents once, and nothing is left of the copy."""
    assert not [*folder.glob("tablewright-copy-*")]
    done(["copy", "convex:.env.direct", "sqlite:///back.db"], folder)
    assert meaning(f"sqlite:///{folder}/back.db", first) == meaning(first)


@pytest.mark.parametrize("fate", ["request is lost", "answer is lost"])
def test_connections_that_break(
    first: str, place: Place, tmp_path: Path, fate: Fate
) -> None:
    """Some break in each table: one run gets through all the same."""
    chance = random.Random(7)

    def breaks(request: bytes) -> Fate:
        return fate if chance.random() < 0.25 else "arrives"

    with behind(place, tmp_path, breaks):
        done(["copy", first, "convex:.env.wire"], tmp_path)
    check_complete(first, tmp_path)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_copy_that_is_killed_goes_on(
    first: str, place: Place, tmp_path: Path, arrives: bool
) -> None:
    """It is killed with a batch on its way, one batch further in each turn."""
    command = [sys.executable, "-m", "codegen", "copy", first, "convex:.env.wire"]
    running: list[subprocess.Popen[str]] = []
    batches = 0

    def kills(request: bytes) -> Fate:
        nonlocal batches
        if LOAD not in request and b"tablewright:write" not in request:
            return "arrives"
        batches += 1
        if batches % 3:
            return "arrives"
        running[-1].send_signal(signal.SIGKILL)
        return "answer is lost" if arrives else "request is lost"

    turns = 0
    with behind(place, tmp_path, kills):
        for _turn in range(30):
            turns += 1
            with subprocess.Popen(
                command,
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": os.getcwd()},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                running.append(process)
                out, errors = process.communicate(timeout=120)
            if process.returncode != -signal.SIGKILL:
                break
    assert process.returncode == 0, errors
    assert turns >= 3
    assert f"people: {COUNT} documents with new ids, {2 * COUNT:,} references" in out
    check_complete(first, tmp_path)


def test_a_deployment_that_is_gone(first: str, place: Place, tmp_path: Path) -> None:
    """The copy ends with an error in the end, and the same command goes on later."""
    batches = 0

    def gone(request: bytes) -> Fate:
        nonlocal batches
        batches += LOAD in request
        return "request is lost" if batches > 4 else "arrives"

    argv = ["copy", first, "convex:.env.wire", "--state", "state"]
    soon = ["--timeout-ms", "1000"]
    with behind(place, tmp_path, gone):
        code, out, errors = codegen([*argv, *soon], tmp_path)
        assert (code, out) == (2, "")
        assert "error[E601]" in errors
        assert "what was done is kept in state: the same command goes on" in errors
        batches = -1_000
        code, _, errors = codegen([*argv, "--table", "people"], tmp_path)
        assert code == 2
        assert "state is of another copy" in errors
        done(argv, tmp_path)
    assert not (tmp_path / "state").exists()
    check_complete(first, tmp_path)


def test_the_documents_are_those_of_the_beginning(
    models: ModuleType, place: Place, tmp_path: Path
) -> None:
    """What others write into the source meanwhile is not copied, nor missed."""
    url = f"sqlite:///{tmp_path}/own.db"
    fill(models, url, 600)
    before = meaning(url)
    fails = True

    def lost(request: bytes) -> Fate:
        return "request is lost" if fails and LOAD in request else "arrives"

    argv = ["copy", url, "convex:.env.wire"]
    with behind(place, tmp_path, lost):
        assert codegen([*argv, "--timeout-ms", "1000"], tmp_path)[0] == 2
        with closing(models.server.connect(url)) as db:
            for person in db.run(models.people.full_scan().take(300)):
                db.delete(person.id)
            db.insert(models.PersonNew(name="late"))
        fails = False
        done(argv, tmp_path)
    done(["copy", "convex:.env.direct", "sqlite:///back.db"], tmp_path)
    found = meaning(f"sqlite:///{tmp_path}/back.db")
    assert [one["name"] for one in found["people"]] == [
        one["name"] for one in before["people"]
    ]
    assert {one["boss"][0] for one in found["people"]} == {"<"}


def test_others_who_write_are_noticed(
    models: ModuleType, first: str, place: Place, tmp_path: Path
) -> None:
    options = Options(admin_key=place.admin_key)
    batches = 0

    def meanwhile(request: bytes) -> Fate:
        nonlocal batches
        batches += LOAD in request
        if batches == 2 and LOAD in request:
            with closing(
                models.server.connect(f"convex+{place.url}", options=options)
            ) as db:
                db.insert(models.PersonNew(name="other"))
        return "arrives"

    with behind(place, tmp_path, meanwhile):
        argv = ["copy", first, "convex:.env.wire", "--table", "people"]
        code, _, errors = codegen(argv, tmp_path)
    assert code == 2
    assert "has documents that are not of this copy" in errors


def test_two_at_once(first: str, place: Place, tmp_path: Path) -> None:
    """Only one of them has the folder with what was done."""
    argv = ["copy", first, "convex:.env.wire"]
    told: list[tuple[int, str, str]] = []

    def second(request: bytes) -> Fate:
        if LOAD in request and not told:
            told.append(codegen(argv, tmp_path))
        return "arrives"

    with behind(place, tmp_path, second):
        done(argv, tmp_path)
    ((code, _, errors),) = told
    assert code == 2
    assert "another copy is at work" in errors
    check_complete(first, tmp_path)


def test_large_documents_go_in_small_batches(
    models: ModuleType, place: Place, tmp_path: Path
) -> None:
    """A mutation takes 16 MiB."""
    first = f"sqlite:///{tmp_path}/large.db"
    with models.server.connect(first) as db:
        for n in range(12):
            db.insert(models.PersonNew(name=f"{n}" + "é" * 450_000))
    sizes: list[int] = []

    def measures(request: bytes) -> Fate:
        if LOAD in request:
            sizes.append(len(request))
        return "arrives"

    with behind(place, tmp_path, measures):
        done(["copy", first, "convex:.env.wire", "--table", "people"], tmp_path)
    assert len(sizes) == 3
    assert max(sizes) < 5 << 20


@pytest.mark.slow
def test_memory_does_not_grow_with_documents(
    models: ModuleType, tmp_path: Path, node_folder: Path
) -> None:
    """Peaks of whole processes, in KiB: ten times as many documents need hardly more."""
    program = (
        "import resource, sys; from codegen.cli.main import run; code = run(sys.argv[1:]);"
        " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
        " sys.exit(code)"
    )
    peaks: dict[str, list[int]] = {"into": [], "from": []}
    for count in (3_000, 30_000):
        first = f"sqlite:///{tmp_path}/{count}.db"
        with models.server.connect(first) as db, db.transaction():
            boss = db.insert(models.PersonNew(name="boss"))
            db.insert_many(
                models.PersonNew(name=f"{n}", boss=boss) for n in range(count)
            )
        (folder := tmp_path / str(count)).mkdir()
        with running_schema(node_folder, folder, SCHEMA) as place:
            env_file(tmp_path, ".env.large", place)
            for way, argv in (
                ("into", ("copy", first, "convex:.env.large")),
                ("from", ("copy", "convex:.env.large", f"sqlite:///back{count}.db")),
            ):
                ran = subprocess.run(
                    [sys.executable, "-c", program, *argv],
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": os.getcwd()},
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert ran.returncode == 0, ran.stderr
                peaks[way].append(int(ran.stderr.splitlines()[-1]))
    for few, many in peaks.values():
        assert many < few + 20_000, peaks
