"""What a deployment has in place of a storage and of tables: nothing."""

from __future__ import annotations

from typing import Any, Final

from codegen.convex.errors import Unsupported

MESSAGE: Final = (
    "a deployment keeps its documents to its functions: write a query or a mutation there,"
    " and call it as `api.…`"
)


class FunctionsOnly:
    """Refuses whatever a database asks of it, as it would ask its storage or its tables."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unsupported(MESSAGE)
