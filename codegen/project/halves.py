"""Many independent texts, on two processors where that pays."""

from __future__ import annotations

import marshal
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Final

Job = Callable[[], bytes]

# Under this, a second process costs more than it brings.
_FEWEST: Final = 200


def results(jobs: Sequence[Job]) -> list[bytes]:
    """What each job gives, in order; a child process does half of many."""
    if len(jobs) < _FEWEST or not _can_fork():
        return _here(jobs)
    middle = len(jobs) // 2
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _send(writer, jobs[middle:])
    os.close(writer)
    with open(reader, "rb") as pipe:
        ours = [job() for job in jobs[:middle]]
        sent = pipe.read()
    _, status = os.waitpid(child, 0)
    # What went wrong in the child goes wrong here again, where it can be reported.
    return ours + (_here(jobs[middle:]) if status else marshal.loads(sent))


def _here(jobs: Sequence[Job]) -> list[bytes]:
    return [job() for job in jobs]


def _can_fork() -> bool:
    # Elsewhere the libraries of the system do not survive a fork, nor do threads anywhere.
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


def _send(writer: int, jobs: Sequence[Job]) -> None:
    status = 1
    try:
        with open(writer, "wb") as pipe:
            pipe.write(marshal.dumps(_here(jobs)))
        status = 0
    finally:
        # Nothing of the parent is to be flushed, closed or undone from here.
        os._exit(status)
