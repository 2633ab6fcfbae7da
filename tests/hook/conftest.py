from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.hook.adopter import Adopter, Machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with the hook installed: once for all the workers of a test run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    machine = Machine(base / "hook")
    with open(base / "hook.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not machine.folder.exists():
            machine.install()
    return machine


@pytest.fixture
def adopter(machine: Machine, tmp_path: Path) -> Adopter:
    """A project that is committed and clean, with the hook in place."""
    root = tmp_path / "project"
    shutil.copytree(machine.template, root, symlinks=True)
    return Adopter(machine, root)
