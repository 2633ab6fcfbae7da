"""What functions give that use Convex's `.paginate(paginationOpts)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, cast

T_co = TypeVar("T_co", covariant=True)


class PageOf(Protocol[T_co]):
    """A page as functions return it: the classes that are generated for it fit."""

    @property
    def page(self) -> Sequence[T_co]: ...

    @property
    def is_done(self) -> bool: ...

    @property
    def continue_cursor(self) -> str: ...


def items_of(page: object) -> Sequence[Any]:
    """The items of a page, which is a plain dictionary where its function says no type."""
    if isinstance(page, dict):
        return cast("dict[str, Sequence[Any]]", page)["page"]
    return cast("PageOf[Any]", page).page
