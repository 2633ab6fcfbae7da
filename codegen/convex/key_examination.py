"""Does a deployment take a key? If not: why, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from .address import cloud_name
from .blocking import Connection
from .conversation import Conversation
from .environment import DEPLOY_KEY, Setting
from .errors import AuthError, DeploymentError
from .findings import Finding
from .keys import deployment_of, faults_of
from .options import Options
from .secret import Secret
from .selection import Chosen

_NEW_KEY: Final = "docker compose exec backend ./generate_admin_key.sh"
_NEW_DEPLOY_KEY: Final = (
    "make a deploy key (https://dashboard.convex.dev, Settings of the deployment)"
)
_HEADER: Final = re.compile("[!-~]+")
_LEADS: Final = re.compile(r"\s*(Convex|Bearer)\s+")


class _Repair(NamedTuple):
    """A key as it may have been meant, and how it is made of the present one."""

    key: Secret
    how: str


class KeyExamination:
    """Looks at a key by showing it to the deployment, and where it is refused, a mended one."""

    def __init__(
        self,
        chosen: Chosen,
        setting: Setting | None,
        instance: str | None,
        connection: Connection,
        timeout_ms: float,
    ) -> None:
        """`setting` is the variable with the key, `instance` what the server calls itself."""
        self._chosen = chosen
        self._setting = setting
        self._instance = instance
        self._connection = connection
        self._timeout_ms = timeout_ms
        self.admitted = False

    def finding(self) -> Finding:
        """What there is to say of the key."""
        key = self._chosen.key
        if key is None:
            text = "none: what an administrator sees was not looked at"
            return Finding("key", "note", text, self._chosen.how_to_give_a_key)
        if not _HEADER.fullmatch(key.reveal()):
            return self._refused(key, None)
        try:
            only = ", to read only" if self._is_read_only(key) else ""
        except AuthError as error:
            return self._refused(key, error)
        except DeploymentError as error:
            return Finding("key", "fault", f"it can't be checked: {error}")
        self.admitted = True
        return Finding("key", "fine", f"accepted{only}")

    def _is_read_only(self, key: Secret) -> bool:
        options = Options(admin_key=key.reveal(), timeout_ms=self._timeout_ms)
        asked = Conversation(self._chosen.origin, options).json("/api/check_admin_key")
        return self._connection.perform(asked).get("isReadOnly") is True

    def _refused(self, key: Secret, error: AuthError | None) -> Finding:
        if error is not None and error.code == "BadDeployKey":
            cause = "the server saw no key of an administrator: does a proxy drop it?"
            return Finding("key", "fault", f"refused (BadDeployKey): {cause}")
        repair = self._repair(key)
        cause = "; ".join(faults_of(key)) or self._cause(key, repair)
        code = "" if error is None else f" ({error.code or error.status})"
        text = f"{self._place()} is refused{code}: {cause}"
        if repair is not None:
            help = f"{repair.how}: the deployment takes the key then"
            return Finding("key", "fault", text, help)
        return Finding("key", "fault", text, self._how_to_make_another())

    def _cause(self, key: Secret, repair: _Repair | None) -> str:
        """Why a key is refused that looks like one."""
        named, name = deployment_of(key), self._instance
        if named is not None and name is not None and named != name:
            why = "the key of another server, or an earlier INSTANCE_NAME and another secret"
            why = (
                why if repair is None else "INSTANCE_NAME was changed after it was made"
            )
            return f"it is a key for {named!r}, and this is {name!r}: {why}"
        if self._is_in_cloud:
            return "it was deleted, or was cut when it was copied"
        return (
            "it was made with another INSTANCE_SECRET: the volume of the server was made"
            " anew, its secret was changed, or the key was damaged when it was copied"
        )

    def _repair(self, key: Secret) -> _Repair | None:
        """A key that the deployment takes, and how this one is made to be that."""
        where = "the command" if self._setting is None else self._setting.source
        tried = _repairs(key, self._instance, where)
        return next((one for one in tried if self._is_taken(one.key)), None)

    def _how_to_make_another(self) -> str:
        if self._is_in_cloud:
            help = f"{_NEW_DEPLOY_KEY}, and set {DEPLOY_KEY} to all of it"
        else:
            help = (
                f"`{_NEW_KEY}` prints another: set {self._place()} to its line with the"
                " `|`, or to what `codegen admin-key` makes"
            )
        if self._setting is not None and self._setting.also:
            also = " and ".join(self._setting.also)
            help += (
                f". There is one in {also}, too: `unset {self._setting.name}` for that"
            )
        return help

    def _is_taken(self, key: Secret) -> bool:
        try:
            self._is_read_only(key)
        except DeploymentError:
            return False
        return True

    @property
    def _is_in_cloud(self) -> bool:
        return cloud_name(self._chosen.origin) is not None

    def _place(self) -> str:
        if self._setting is None:
            return self._chosen.key_from or ""
        return f"{self._setting.name} ({self._setting.source})"


def _repairs(key: Secret, instance: str | None, where: str) -> Iterator[_Repair]:
    """Keys that may have been meant, without what does not belong to them."""
    text = key.reveal()
    bare = re.sub(r"""[\s"'`]""", "", _LEADS.sub("", text, count=1))
    if not _HEADER.fullmatch(bare):
        return
    if bare != text:
        yield _Repair(Secret(bare), f"remove that from {where}")
    name, bar, secret = bare.partition("|")
    if instance is not None and name.rpartition(":")[2] != instance:
        at = f"in place of `{name}|`" if bar else "before it"
        how = f"write `{instance}|` {at}, in {where}"
        yield _Repair(Secret(f"{instance}|{secret if bar else bare}"), how)
