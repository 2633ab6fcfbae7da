"""Is a deployment there, does it take the key, and what is wrong where it does not?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from .address import cloud_name, site_mistake
from .blocking import Connection
from .conversation import Conversation
from .environment import DEPLOY_KEY, SELF_HOSTED_URL, URLS, Setting
from .errors import AuthError, DeploymentError, Unreachable
from .keys import deployment_of, faults_of
from .options import Options
from .secret import Secret
from .selection import Chosen

NEW_KEY: Final = "docker compose exec backend ./generate_admin_key.sh"
_CLOUD_KEY: Final = (
    "make a deploy key: https://dashboard.convex.dev, Settings of the deployment"
)
_HEADER_CHARACTERS: Final = range(0x21, 0x7F)


class Finding(NamedTuple):
    """What was looked at, what was seen, and what to do about it."""

    check: str
    verdict: Literal["fine", "note", "fault"]
    text: str
    help: str | None = None


class Examination:
    """Looks at one deployment; `close` it at the end."""

    def __init__(self, chosen: Chosen, timeout_ms: float) -> None:
        self._chosen = chosen
        key = chosen.key
        # What no header can carry is told of as a fault of the key.
        carried = key if key is not None and _fits_a_header(key) else None
        options = Options(
            admin_key=carried.reveal() if carried else None, timeout_ms=timeout_ms
        )
        self._nobody = Conversation(chosen.origin, Options(timeout_ms=timeout_ms))
        self._admin = Conversation(chosen.origin, options) if carried else None
        self._connection = Connection(chosen.origin, options)
        self._instance: str | None = None
        self.reached = False
        self.admitted = False

    def close(self) -> None:
        """Closes the connections."""
        self._connection.close()

    def findings(self) -> Iterator[Finding]:
        """What there is to say of the server and of the key."""
        yield from self._server()
        if self.reached:
            yield from self._key()

    def _server(self) -> Iterator[Finding]:
        origin, source = self._chosen.origin, self._chosen.origin_from
        try:
            version = self._connection.perform(self._nobody.text("/version"))
        except Unreachable as error:
            yield Finding("server", "fault", str(error), _how_to_reach(origin, source))
            return
        except DeploymentError as error:
            hint = f"give the URL of the deployment itself; {source} says {origin}"
            yield Finding("server", "fault", str(error), hint)
            return
        self.reached = True
        self._instance = self._instance_name()
        name = self._instance or "of an unknown name"
        yield Finding("server", "fine", f"instance {name}, version {version[:40]}")

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

    def _key(self) -> Iterator[Finding]:
        key, source = self._chosen.key, self._chosen.key_from
        if key is None:
            hint = "set CONVEX_SELF_HOSTED_ADMIN_KEY, or CONVEX_DEPLOY_KEY in the cloud"
            text = "none: what an administrator sees was not looked at"
            yield Finding("key", "note", text, hint)
            return
        faults = [*faults_of(key)]
        for fault in faults:
            yield Finding("key", "fault", f"{source}: {fault}", self._new_key())
        if self._admin is None:
            return
        try:
            said = self._connection.perform(self._admin.json("/api/check_admin_key"))
        except AuthError as error:
            yield self._refused(error, key, malformed=bool(faults))
            return
        except DeploymentError as error:
            yield Finding("key", "fault", f"it can't be checked: {error}")
            return
        self.admitted = True
        only = ", to read only" if said.get("isReadOnly") is True else ""
        yield Finding("key", "fine", f"accepted{only}")

    def _refused(self, error: AuthError, key: Secret, *, malformed: bool) -> Finding:
        named, name = deployment_of(key), self._instance
        if error.code == "BadDeployKey":
            cause = "the server saw no key of an administrator: does a proxy drop it?"
        elif malformed:
            cause = "its form is wrong, as said above"
        elif named is not None and name is not None and named != name:
            cause = (
                f"it is a key for {named!r}, and this is {name!r}: the key of another"
                " server, or INSTANCE_NAME was changed after it was made"
            )
        elif cloud_name(self._chosen.origin) is not None:
            cause = "it was deleted, or was cut when it was copied"
        else:
            cause = (
                "it was made with another INSTANCE_SECRET: the volume of the server was made"
                " anew, its secret was changed, or the key was damaged when it was copied"
            )
        text = f"refused ({error.code or error.status}): {cause}"
        return Finding("key", "fault", text, self._new_key())

    def _new_key(self) -> str:
        if cloud_name(self._chosen.origin) is not None:
            return f"{_CLOUD_KEY}; set {DEPLOY_KEY} to all of it"
        source = self._chosen.key_from
        return f"make another, `{NEW_KEY}`, and set {source} to all of it"


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


def _fits_a_header(key: Secret) -> bool:
    text = key.reveal()
    return bool(text) and all(ord(one) in _HEADER_CHARACTERS for one in text)
