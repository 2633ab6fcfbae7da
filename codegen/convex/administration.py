"""What a deployment tells its administrators, through the functions of Convex's own tools.

They are under `_system/` in convex-backend, `npm-packages/system-udfs/convex`; Convex does not
document them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Final, cast

from pydantic import JsonValue

from .blocking import Connection
from .conversation import Conversation
from .environment import DEPLOY_KEY, SELF_HOSTED_KEY
from .errors import UnexpectedAnswer
from .options import Options
from .selection import Chosen, NoDeployment

# A page ends before, where its documents are large.
_PORTION: Final = 1_000.0


class Administrator:
    """One deployment, spoken to with an admin key or a deploy key."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation = conversation
        self._connection = connection

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

    def tables(self) -> Mapping[int, str]:
        """The tables by the numbers that they have in ids.

        Raises an `UnexpectedAnswer` for what is no such mapping.
        """
        function = "_system/frontend/getTableMapping"
        told = self._asked(function)
        try:
            numbers = cast("dict[str, Any]", told).items()
            return {int(number): str(name) for number, name in numbers}
        except (AttributeError, ValueError):
            raise self._unexpected(function) from None

    def documents(self, table: str) -> Iterator[list[JsonValue]]:
        """All documents of a table in the order of creation, page by page, in the encoded form.

        Each page is as things are when it is asked for.
        """
        function = "_system/cli/tableData"
        cursor: str | None = None
        while True:
            page: JsonValue = {"numItems": _PORTION, "cursor": cursor}
            asked: JsonValue = {"table": table, "order": "asc", "paginationOpts": page}
            match self._asked(function, asked):
                case {
                    "page": list(found),
                    "isDone": done,
                    "continueCursor": str(after),
                }:
                    yield found
                case _:
                    raise self._unexpected(function)
            if done is True:
                return
            cursor = after

    def _asked(self, function: str, arguments: JsonValue = None) -> JsonValue:
        asking = self._conversation.system_query(function, arguments or {})
        return self._connection.perform(asking)

    def _unexpected(self, function: str) -> UnexpectedAnswer:
        origin = self._conversation.origin
        return UnexpectedAnswer(f"{origin}: `{function}` answers as it never did")


@contextmanager
def administered(chosen: Chosen, timeout_ms: float) -> Generator[Administrator]:
    """A deployment for its administrator, for the time of a `with`.

    Raises `NoDeployment` where there is no key, and a ValueError for one that no header can carry.
    """
    if chosen.key is None:
        raise NoDeployment(
            f"{chosen.origin_from} comes without a key, and only administrators are told: set"
            f" {SELF_HOSTED_KEY}, or {DEPLOY_KEY} in the cloud"
        )
    options = Options(admin_key=chosen.key.reveal(), timeout_ms=timeout_ms)
    with closing(Connection(chosen.origin, options)) as connection:
        yield Administrator(Conversation(chosen.origin, options), connection)
