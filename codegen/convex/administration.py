"""What a deployment tells its administrators, through the functions of Convex's own tools.

They are under `_system/` in convex-backend, `npm-packages/system-udfs/convex`; Convex does not
document them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from typing import Any, cast

from pydantic import JsonValue

from .blocking import Connection
from .conversation import Conversation
from .errors import FunctionError, UnexpectedAnswer
from .exchange import Exchange
from .named import Admitted
from .options import Options
from .selection import Chosen, NoDeployment


class Administrator:
    """One deployment, spoken to with an admin key or a deploy key."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation = conversation
        self._connection = connection

    @property
    def admitted(self) -> Admitted:
        """The deployment, for more than its administrators are told here."""
        return Admitted(self._conversation, self._connection)

    def schema(self) -> str | None:
        """The JSON of the schema that was pushed, or None where there is none."""
        match self._asked("_system/frontend/getSchemas"):
            case {"active": str(active)}:
                return active
            case _:
                return None

    def functions(self) -> JsonValue:
        """The functions that were pushed, as `npx convex function-spec` has them."""
        return self._asked("_system/cli/modules:apiSpec")

    def helper_version(self) -> JsonValue:
        """What the functions for documents tell as theirs, or None where there are none."""
        try:
            return self._asked("tablewright:version")
        except FunctionError:
            return None

    def tables(self) -> Mapping[int, str]:
        """The tables by the numbers that they have in ids.

        Raises an `UnexpectedAnswer` for what is no such mapping.
        """
        return self._connection.perform(numbered_tables(self._conversation))

    def _asked(self, function: str) -> JsonValue:
        asking = self._conversation.system_query(function, {})
        return self._connection.perform(asking)


def numbered_tables(conversation: Conversation) -> Exchange[Mapping[int, str]]:
    """The tables by the numbers that they have in ids; see `Administrator.tables`."""
    function = "_system/frontend/getTableMapping"
    told = yield from conversation.system_query(function, {})
    try:
        numbers = cast("dict[str, Any]", told).items()
        return {int(number): str(name) for number, name in numbers}
    except (AttributeError, ValueError):
        message = f"{conversation.origin}: `{function}` gives no names by numbers"
        raise UnexpectedAnswer(message) from None


@contextmanager
def administered(chosen: Chosen, timeout_ms: float) -> Generator[Administrator]:
    """A deployment for its administrator, for the time of a `with`.

    Raises `NoDeployment` where there is no key, and a ValueError for one that no header can carry.
    """
    if chosen.key is None:
        raise NoDeployment(
            f"{chosen.origin_from} comes without a key, and only administrators are told:"
            f" {chosen.how_to_give_a_key}"
        )
    options = Options(admin_key=chosen.key.reveal(), timeout_ms=timeout_ms)
    with closing(Connection(chosen.origin, options)) as connection:
        yield Administrator(Conversation(chosen.origin, options), connection)
