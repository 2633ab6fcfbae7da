"""What a deployment has in place of a storage that is this program's own: nothing."""

from __future__ import annotations

from typing import Any, Final

from codegen.convex.errors import Unsupported

_MESSAGE: Final = (
    "a deployment has no transactions that a program keeps open, and nothing that they need:"
    " write with insert_many() or batch(), or in a mutation of its own, called as `api.…`"
)


class Nothing:
    """Refuses whatever a database asks of it, as it would ask its storage or its tables."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unsupported(_MESSAGE)
