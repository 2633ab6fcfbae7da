"""Is a deployment there, does it take the key, and what is wrong where it does not?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from .address import cloud_name, site_mistake
from .blocking import Connection
from .conversation import Conversation
from .environment import SELF_HOSTED_URL, URLS, Setting
from .errors import DeploymentError, Unreachable
from .findings import Finding
from .key_examination import KeyExamination
from .options import Options
from .selection import Chosen

# Where a server of one's own has its HTTP actions (convex-backend, `docker-compose.yml`).
_ACTIONS_PORT: Final = 3211


class Examination:
    """Looks at one deployment; `close` it at the end."""

    def __init__(
        self, chosen: Chosen, settings: Mapping[str, Setting], timeout_ms: float
    ) -> None:
        """`settings` are the variables that it was chosen by, if it was."""
        options = Options(timeout_ms=timeout_ms)
        self._chosen = chosen
        self._setting = settings.get(chosen.key_from or "")
        self._timeout_ms = timeout_ms
        self._nobody = Conversation(chosen.origin, options)
        self._connection = Connection(chosen.origin, options)
        self.admitted = False

    def close(self) -> None:
        """Closes the connections."""
        self._connection.close()

    def findings(self) -> Iterator[Finding]:
        """What there is to say of the server and of the key."""
        origin, source = self._chosen.origin, self._chosen.origin_from
        try:
            version = self._connection.perform(self._nobody.text("/version"))
        except Unreachable as error:
            yield Finding("server", "fault", str(error), _how_to_reach(origin, source))
            return
        except DeploymentError as error:
            hint = f"give the URL of the deployment itself; {source} says {origin}"
            if urlsplit(origin).port == _ACTIONS_PORT:
                hint += f". {_ACTIONS_PORT} is the port of HTTP actions, as a rule: try 3210"
            yield Finding("server", "fault", str(error), hint)
            return
        name = self._instance_name()
        told = name or "of an unknown name"
        yield Finding("server", "fine", f"instance {told}, version {version[:40]}")
        key = KeyExamination(
            self._chosen, self._setting, name, self._connection, self._timeout_ms
        )
        yield key.finding()
        self.admitted = key.admitted

    def _instance_name(self) -> str | None:
        try:
            name = self._connection.perform(self._nobody.text("/instance_name"))
        except DeploymentError:
            name = ""
        return (
            name
            if name.isprintable() and 0 < len(name) < 100
            else cloud_name(self._chosen.origin)
        )


def remarks_on(settings: Mapping[str, Setting], chosen: Chosen) -> Iterator[Finding]:
    """What is odd in the environment although a deployment was found."""
    for name in (SELF_HOSTED_URL, *URLS):
        setting = settings.get(name)
        if setting is None or name == chosen.origin_from:
            continue
        url = setting.value.reveal()
        where = f"{name} ({setting.source})"
        if mistake := site_mistake(url):
            yield Finding("settings", "note", f"{where}: {mistake}")
        elif url.rstrip("/") != chosen.origin:
            text = f"{where} is another deployment than {chosen.origin_from} says"
            yield Finding("settings", "note", text)


def _how_to_reach(origin: str, source: str) -> str:
    host = urlsplit(origin).hostname or ""
    if host in ("localhost", "127.0.0.1", "::1"):
        return (
            "start the server: `docker compose up -d`, or `npx convex dev`. Inside a"
            " container, the host's address is another"
        )
    if cloud_name(origin) is not None:
        return f"look at the name in {source}, and at the network"
    return f"look at {source}, at the server and at what is between"
