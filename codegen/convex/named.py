"""Deployments as commands are given them, where the URL of a database could be, and their keys."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Final, NamedTuple

from .address import OF_ENVIRONMENT, origin_of
from .blocking import Connection
from .conversation import Conversation
from .environment import read_environment
from .options import Options
from .selection import Chosen, NoDeployment, choose

_OTHER: Final = (
    "write CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY, or CONVEX_DEPLOY_KEY in the"
    " cloud, into a file such as .env.other, and name it: `convex:.env.other`"
)


class Admitted(NamedTuple):
    """A deployment that takes us for an administrator, and the way to it."""

    conversation: Conversation
    connection: Connection

    @property
    def origin(self) -> str:
        return self.conversation.origin


def named(text: str) -> Chosen:
    """The deployment that a text names, with its key.

    `convex:` is that of the environment, `convex:FILE` that of the variables in a file. A key of
    the environment is for a URL only if it is the environment's. Raises a ValueError, often a
    `NoDeployment`, where there is no such deployment or no key, and what `read_environment` does.
    """
    file = text.removeprefix(OF_ENVIRONMENT)
    if file == text:
        origin = origin_of(text)
        chosen = _in_environment()
        if chosen is None or chosen.origin != origin or chosen.key is None:
            raise NoDeployment(f"the environment has no key for {origin}: {_OTHER}")
        return chosen
    chosen = choose(read_environment(env_file=file or None))
    if chosen.key is None:
        raise NoDeployment(f"{chosen.origin_from} comes without a key: {_OTHER}")
    return chosen


@contextmanager
def admitted(text: str, timeout_ms: float) -> Generator[Admitted]:
    """The deployment that a text names, for the time of a `with`; raises what `named` does."""
    chosen = named(text)
    assert chosen.key is not None
    options = Options(admin_key=chosen.key.reveal(), timeout_ms=timeout_ms)
    with closing(Connection(chosen.origin, options)) as connection:
        yield Admitted(Conversation(chosen.origin, options), connection)


def _in_environment() -> Chosen | None:
    try:
        return choose(read_environment())
    except ValueError:
        return None
