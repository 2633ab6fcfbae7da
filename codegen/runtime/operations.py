"""What a database runs. Generated code builds operations; an engine executes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

R_co = TypeVar("R_co", covariant=True)
T_co = TypeVar("T_co", covariant=True)


class Operation(Generic[R_co]):
    """Anything that runs; its parameter is the type of the answer."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _answer(
            self,
        ) -> R_co: ...  # the parameter's only use: it makes it covariant


class Read(Operation[R_co]):
    """Reads only."""

    __slots__ = ()


@dataclass(frozen=True)
class Page(Generic[T_co]):
    """Some of a query's documents, perhaps none, and where the next page starts.

    `cursor` is None after the last page.
    """

    items: list[T_co]
    cursor: str | None
