"""What others are told of a write: which document it was, and where it is in each index."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

CUT: Final = 96
"""How many bytes of a key are told of: one of that length stands for all that begin so."""
LONGEST: Final = 7_900
"""How many bytes a text has at most: PostgreSQL sends no more than 8,000 at once."""


class Change(NamedTuple):
    """A document that was written, with its keys before and after, by the names of indexes.

    Keys are cut off after `CUT` bytes.
    Without an id it is any document of the table, without a table any of the database.
    """

    table: str = ""
    id: str = ""
    keys: Mapping[str, Sequence[bytes]] = {}


ANYTHING: Final = Change()


def texts(changes: Iterable[Change]) -> Iterator[str]:
    """Changes as texts of ASCII, none of them longer than `LONGEST`."""
    gathered: list[str] = []
    length = 2
    for change in changes:
        text = _text(change)
        if gathered and length + len(text) + 1 > LONGEST:
            yield f"[{','.join(gathered)}]"
            gathered, length = [], 2
        gathered.append(text)
        length += len(text) + 1
    if gathered:
        yield f"[{','.join(gathered)}]"


def _text(change: Change) -> str:
    keys = {
        index: [b64encode(key).decode() for key in found]
        for index, found in change.keys.items()
    }
    text = json.dumps([change.table, change.id, keys], separators=(",", ":"))
    if len(text) + 2 <= LONGEST or not change.id:
        return text
    return _text(Change(change.table))


def changes_of(text: str) -> list[Change]:
    """The changes of a text; of one that can't be read, that there may be any."""
    try:
        return [_change(*parts) for parts in json.loads(text)]
    except (AttributeError, TypeError, ValueError):
        return [ANYTHING]


def _change(table: str, id: str, keys: Mapping[str, Any]) -> Change:
    decoded = {
        index: [b64decode(key, validate=True) for key in found]
        for index, found in keys.items()
    }
    return Change(str(table), str(id), decoded)
