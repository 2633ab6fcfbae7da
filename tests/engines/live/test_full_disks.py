"""Who follows a query on a full disk: it hears of the writes that others still make."""

from __future__ import annotations

import resource
from pathlib import Path
from types import ModuleType

import pytest

from codegen.engines.sqlite import listening
from codegen.runtime import StorageFailed
from tests.engines.live.following import SOON_MS
from tests.engines.packages import imported, package
from tests.engines.safety.processes import Pipe, other

SCHEMA = """
tables:
  items: {fields: {n: float}}
"""


@pytest.fixture
def made(tmp_path: Path) -> ModuleType:
    """A package that other processes find by the name `shared`."""
    return package(tmp_path, SCHEMA, "shared")


def follow_without_room(pipe: Pipe, folder: Path, url: str) -> None:
    """Follows while it can write nothing, not even that it is still there."""
    made = imported(folder, "shared")
    listening._RENEWS_EVERY_S = 0  # each time that it looks
    no_room = (0, resource.RLIM_INFINITY)
    with made.server.connect(url) as db:
        live = db.subscribe(made.items.full_scan(), timeout_ms=SOON_MS)
        pipe.send(len(next(live)))
        resource.setrlimit(resource.RLIMIT_FSIZE, no_room)
        for _ in range(3):
            pipe.send(len(next(live)))
        with pytest.raises(StorageFailed):
            db.insert(made.ItemNew(n=0))
        pipe.send("failed")
        pipe.recv()


def test_it_goes_on(made: ModuleType, tmp_path: Path, url: str) -> None:
    with made.server.connect(url) as db:
        with other(follow_without_room, tmp_path, url) as process:
            for n in range(4):
                assert process.hear() == n
                if n < 3:
                    db.insert(made.ItemNew(n=n))
            assert process.hear() == "failed"
        assert len(db.run(made.items.full_scan())) == 3
