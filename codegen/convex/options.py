"""How a deployment is spoken to: as whom, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from codegen.runtime.times import check_time

from .secret import Secret


class LogLine(NamedTuple):
    """What a function printed with `console.log`, as the deployment sends it to its client."""

    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Options:
    """How a deployment is spoken to. All times are in ms.

    Raises a ValueError for a time that is none, and for a key or a token that no header can
    carry; a TypeError for a time that is no number.
    """

    token: str | Callable[[], str] | None = field(default=None, repr=False)
    """The JWT of a user, or what gives one: it is asked before each request."""
    admin_key: str | None = field(default=None, repr=False)
    """An admin key or a deploy key: internal functions run, too."""
    as_admin: bool = False
    """Whether `connect()` takes the key of the environment, beside the address."""
    documents: Literal["functions", "system"] = "functions"
    """How documents are read: through functions that were deployed for it, which also write; or,
    which is experimental, through those of the deployment's own dashboard, which only read."""
    timeout_ms: float = 30_000
    """For a call as a whole, with all its repetitions. Actions may take long."""
    connect_timeout_ms: float = 5_000
    """For a connection to be made."""
    read_timeout_ms: float | None = None
    """How long the deployment may be silent."""
    retries: int = 3
    """How often a request is repeated at most, where that can't do anything twice."""
    connections: int = 10
    """How many connections are open at once at most; more calls wait for their turn."""
    on_log: Callable[[LogLine], None] | None = None
    """What gets the log lines of functions; else the logger `codegen.convex` does."""

    def __post_init__(self) -> None:
        times = {
            "timeout_ms": self.timeout_ms,
            "connect_timeout_ms": self.connect_timeout_ms,
        }
        if self.read_timeout_ms is not None:
            times["read_timeout_ms"] = self.read_timeout_ms
        for name, given in times.items():
            check_time(name, given)
            if not given:
                raise ValueError(f"{name} is a time in ms, not {given!r}")
        if self.documents not in ("functions", "system"):
            raise ValueError(
                f"documents is 'functions' or 'system', not {self.documents!r}"
            )
        if self.retries < 0 or self.connections < 1:
            raise ValueError("retries is 0 or more, and connections 1 or more")
        if self.token is not None and self.admin_key is not None:
            raise ValueError("either a user's token or an admin key, not both")
        if isinstance(self.token, str):
            _check("token", self.token)
        if self.admin_key is not None:
            _check("admin_key", self.admin_key)

    def authorization(self) -> Secret | None:
        """The header that says who asks."""
        if self.admin_key is not None:
            return Secret(f"Convex {self.admin_key}")
        token = self.present_token()
        return None if token is None else Secret(f"Bearer {token.reveal()}")

    def present_token(self) -> Secret | None:
        """The token of the user as it is now."""
        if self.token is None or isinstance(self.token, str):
            return None if self.token is None else Secret(self.token)
        return Secret(_check("token", self.token()))


def _check(name: str, text: str) -> str:
    """The text; libraries of HTTP would show it in their own complaint."""
    if not text or not all("!" <= character <= "~" for character in text):
        raise ValueError(
            f"{name} is empty, or has a space, a line break or a character beyond ASCII:"
            " was it copied in full, without quotes?"
        )
    return text
