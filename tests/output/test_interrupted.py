"""A run that fails or is killed at any system call leaves the old files or the new."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from codegen.output.disk import STAGING
from codegen.output.errors import OutputError
from codegen.output.recover import recover
from tests.output.toy_project import ToyProject, snapshot, toy_project

CALLS = (
    "open",
    "write",
    "replace",
    "link",
    "mkdir",
    "rmdir",
    "unlink",
    "chmod",
    "fsync",
)
Strike = Callable[[], None]


class Trap:
    """Counts the calls that change files, and strikes at one of them."""

    def __init__(self, at: int, strike: Strike, forever: bool = False) -> None:
        self.left = at
        self.strike = strike
        self.forever = forever
        self.sprung = False

    def arm(self, patch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            patch.setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, call: Callable[..., object]) -> Callable[..., object]:
        def watched(*args: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0 or (self.left < 0 and self.forever):
                self.sprung = True
                self.strike()
            return call(*args, **named)

        return watched


def disk_full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt() -> None:
    raise KeyboardInterrupt


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def changing_project(root: Path) -> tuple[ToyProject, dict[str, bytes]]:
    """A generated project whose next run adds, replaces, removes and keeps files."""
    toy = toy_project(root)
    toy.put("schema/t_users.txt", "a:Name\n")
    toy.generate()
    (toy.root / "generated/types.py").chmod(0o750)
    toy.put("schema/types.txt", "Name=Optional[str]\nMs=float\n")
    toy.put("schema/t_pets.txt", "name:Name\n")
    (toy.root / "schema/t_notes.txt").unlink()
    return toy, snapshot(toy.root / "generated")


def new_state(folder: Path) -> dict[str, bytes]:
    toy, _ = changing_project(folder)
    toy.generate()
    return snapshot(toy.root / "generated")


@pytest.mark.parametrize("strike", [disk_full, interrupt])
def test_a_fault_at_any_call_changes_nothing(tmp_path: Path, strike: Strike) -> None:
    new = new_state(tmp_path / "new")
    for at in count(1):
        toy, old = changing_project(tmp_path / str(at))
        trap = Trap(at, strike)
        with pytest.MonkeyPatch.context() as patch:
            trap.arm(patch)
            try:
                toy.generate()
                allowed = [new]
            except OutputError:
                allowed = [old]
            except KeyboardInterrupt:
                allowed = [old, new]  # it may come when all is done
        assert snapshot_without_staging(toy) in allowed, at
        recover(toy.root / "generated")
        assert snapshot(toy.root / "generated") in (old, new), at
        assert not (toy.root / "generated" / STAGING).exists()
        if not trap.sprung:
            assert at > 40
            return


def test_a_disk_that_stays_full_is_mended_later(tmp_path: Path) -> None:
    new = new_state(tmp_path / "new")
    for at in count(1):
        toy, old = changing_project(tmp_path / str(at))
        trap = Trap(at, disk_full, forever=True)
        with pytest.MonkeyPatch.context() as patch:
            trap.arm(patch)
            try:
                toy.generate()
            except OutputError as error:
                assert "No space left" in str(error)
        recover(toy.root / "generated")
        assert snapshot(toy.root / "generated") in (old, new), at
        toy.generate()
        assert snapshot(toy.root / "generated") == new
        if not trap.sprung:
            return


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork of itself")
def test_a_kill_at_any_call_is_mended_by_the_next_command(tmp_path: Path) -> None:
    new = new_state(tmp_path / "new")
    messages: set[str] = set()
    at = 0
    for at in count(1):
        toy, old = changing_project(tmp_path / str(at))
        if not killed(at, toy.generate):
            break
        messages.add(str(recover(toy.root / "generated")))
        assert snapshot(toy.root / "generated") in (old, new), at
        assert not (toy.root / "generated" / STAGING).exists()
    assert at > 40
    assert messages == {
        "None",
        "removed what an interrupted run had left behind; no file was changed",
        "finished an interrupted run that was changing 5 files",
    }


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork of itself")
def test_the_mending_may_be_killed_too(tmp_path: Path) -> None:
    new = new_state(tmp_path / "new")
    left: dict[str, bytes] = {}
    for at in count(1):
        toy, old = changing_project(tmp_path / str(at))
        finished = not killed(at, toy.generate)
        before, left = left, snapshot(toy.root / "generated")
        if left == before and not finished:
            continue  # that call had changed nothing that the mending finds
        for again in count(1):
            generated = tmp_path / f"{at}-{again}"
            shutil.copytree(toy.root / "generated", generated)
            mended = not killed(again, partial(recover, generated))
            recover(generated)
            assert snapshot(generated) in (old, new), (at, again)
            if mended:
                break
        if finished:
            assert at > 40
            return


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork of itself")
def test_a_kill_while_a_failed_run_is_undone(tmp_path: Path) -> None:
    """The disk fails at the third swap and the process dies at any call after that."""
    new = new_state(tmp_path / "new")
    messages: set[str] = set()
    for at in count(1):
        toy, old = changing_project(tmp_path / str(at))
        if not killed(at, partial(fail_at_third_swap, toy)):
            break
        messages.add(str(recover(toy.root / "generated")).split()[0])
        assert snapshot(toy.root / "generated") in (old, new), at
    assert {"undid", "finished"} <= messages


def fail_at_third_swap(toy: ToyProject) -> None:
    swap, swaps = os.replace, iter(range(1000))

    def failing(source: str, target: str) -> None:
        if next(swaps) == 3:  # the first puts the journal in its place
            disk_full()
        swap(source, target)

    with pytest.MonkeyPatch.context() as patch, suppress(OutputError):
        patch.setattr(os, "replace", failing)
        toy.generate()


def killed(at: int, command: Callable[[], object]) -> bool:
    """Whether the command, in a process of its own, met its end at that call."""
    process = os.fork()
    if process == 0:
        with pytest.MonkeyPatch.context() as patch:
            Trap(at, kill).arm(patch)
            try:
                command()
            finally:
                os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def snapshot_without_staging(toy: ToyProject) -> dict[str, bytes]:
    found = snapshot(toy.root / "generated")
    return {path: data for path, data in found.items() if not path.startswith(STAGING)}


def test_nothing_to_mend(tmp_path: Path) -> None:
    assert recover(tmp_path) is None
    assert recover(tmp_path / "not there") is None


@pytest.mark.parametrize(
    "journal",
    [
        '{"undo": false, "folders": [], "steps": [["remove", "../victim"]]}',
        '{"undo": true, "folders": ["../empty"], "steps": []}',
        '{"undo": false, "folders": [], "steps": [["remove", "link/victim"]]}',
        '{"undo": false}',
        "",
    ],
)
def test_a_forged_journal_cannot_reach_outside(tmp_path: Path, journal: str) -> None:
    out = tmp_path / "out"
    (out / STAGING).mkdir(parents=True)
    (tmp_path / "victim").write_text("precious\n")
    (tmp_path / "empty").mkdir()
    (out / "link").symlink_to(tmp_path)
    (out / STAGING / "journal").write_text(journal)
    before = snapshot(tmp_path)
    with pytest.raises(OutputError, match="not a journal that we wrote"):
        recover(out)
    assert snapshot(tmp_path) == before and (tmp_path / "empty").exists()


def test_a_staging_folder_that_is_a_link_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/new-1").write_text("precious\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / STAGING).symlink_to(tmp_path / "other")
    with pytest.raises(OutputError, match="remove it"):
        recover(tmp_path / "out")
    assert (tmp_path / "other/new-1").exists()
