"""Other processes of a test: each runs a function of this package, at the end of a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias

P = ParamSpec("P")

Pipe: TypeAlias = "Connection[Any, Any]"

PATIENCE_S = 120
"""A process that says nothing for as long hangs."""

# Children of a server that has one thread and no database: forking it is cheap and safe.
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", "codegen.engines.sqlite.opening"])


class Other(NamedTuple):
    """Another process, and the pipe to it."""

    process: ForkServerProcess
    pipe: Pipe

    def hear(self) -> Any:
        """What it says next; an `EOFError` when it ended."""
        assert self.pipe.poll(PATIENCE_S), "the other process hangs"
        return self.pipe.recv()

    def finish(self) -> None:
        """Waits for its end, which must be a good one."""
        self.process.join(PATIENCE_S)
        assert self.process.exitcode == 0


@contextmanager
def other(
    function: Callable[Concatenate[Pipe, P], None], *args: P.args, **kwargs: P.kwargs
) -> Generator[Other]:
    """Runs a function in another process, which does not outlive the block."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(
        target=_run, args=(sys.path, function, theirs, args, kwargs), daemon=True
    )
    process.start()
    theirs.close()
    try:
        yield Other(process, ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def _run(
    path: list[str],
    function: Callable[..., None],
    pipe: Pipe,
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> None:
    sys.path[:] = path
    function(pipe, *args, **kwargs)
