"""Storages follow the forks of their process."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Protocol


class Forking(Protocol):
    """What has connections, which no child may share with its parent."""

    def before_fork(self) -> None: ...

    def after_fork_in_parent(self) -> None: ...

    def after_fork_in_child(self) -> None: ...


_FOLLOWING: weakref.WeakSet[Forking] = weakref.WeakSet()


def follow_forks(one: Forking) -> None:
    """Has it told of forks, for as long as it lives."""
    _FOLLOWING.add(one)


def _each(act: Callable[[Forking], None]) -> Callable[[], None]:
    def act_on_each() -> None:
        for one in tuple(_FOLLOWING):
            act(one)

    return act_on_each


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_each(lambda one: one.before_fork()),
        after_in_parent=_each(lambda one: one.after_fork_in_parent()),
        after_in_child=_each(lambda one: one.after_fork_in_child()),
    )
