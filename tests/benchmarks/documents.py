"""A generated document against one that a person would write, in this process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from .processes import Contender, codegen, take_turns
from .projects import Scale, Workshop, always
from .rows import Row

if TYPE_CHECKING:
    from pydantic import BaseModel

# No int64 and no value of any type: for these, a plain model has no form on the wire.
_SCHEMA: Final = """\
tables:
  tickets:
    fields:
      title: str
      bodyText?: str
      status: Literal["draft", "open", "closed"]
      priority: float
      isDone: bool
      parentId?: Id[tickets]
      tags: list[str]
      labels: dict[str, str]
      settings: {colorTheme: str, wide: bool, fontSize?: float}
      reviewedAt: float | None
"""
_WIRE: Final = (
    b'{"_id":"k17fr5d3vq0tyn6p2j9xw8m4cs7b1hza","_creationTime":1732300000000.25,'
    b'"title":"A ticket like many","bodyText":"Some text of one line, as people write.",'
    b'"status":"open","priority":2.5,"isDone":false,'
    b'"parentId":"k57fr5d3vq0tyn6p2j9xw8m4cs7b1hzb","tags":["first","second","third"],'
    b'"labels":{"team":"alpha","place":"north"},'
    b'"settings":{"colorTheme":"dark","wide":true,"fontSize":12.0},"reviewedAt":null}'
)


def documents(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """Validation and dumping, of JSON and of Python values."""
    ours, by_hand = _generated(workshop), _written_by_hand()
    document, twin = ours.from_wire_json(_WIRE), by_hand.model_validate_json(_WIRE)
    values = document.model_dump()
    if document.to_wire_json() != _WIRE or twin.model_dump() != values:
        raise AssertionError("the two do not say the same")
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any], float]] = {
        "validate JSON": (
            lambda: by_hand.model_validate_json(_WIRE),
            lambda: ours.from_wire_json(_WIRE),
            0.95,
        ),
        "validate Python values": (
            lambda: by_hand.model_validate(values),
            lambda: ours.model_validate(values),
            0.95,
        ),
        "dump JSON": (
            lambda: twin.model_dump_json(by_alias=True),
            lambda: document.to_wire_json(),
            0.9,
        ),
        "dump Python values": (
            lambda: twin.model_dump(),
            lambda: document.model_dump(),
            0.9,
        ),
    }
    for what, (theirs, own, at_least) in pairs.items():
        hand, generated = _take_turns(theirs, own, rounds=scale.turns * 15)
        seen = f"{hand * 1e6:.2f} µs / {generated * 1e6:.2f} µs"
        yield Row(f"{what}, by hand / ours", hand / generated, seen, at_least=at_least)


def _take_turns(*calls: Callable[[], Any], rounds: int) -> list[float]:
    """The median seconds of each call, in short stretches one after the other."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, found in zip(calls, seconds, strict=True):
            begun = time.perf_counter()
            for _ in range(200):
                call()
            found.append((time.perf_counter() - begun) / 200)
    return [median(found) for found in seconds]


def _generated(workshop: Workshop) -> Any:
    project = workshop.empty()
    (project / "schema.yaml").write_text(_SCHEMA, encoding="utf-8")
    argv = codegen("generate", "--schema", "schema.yaml", "--output", "tickets_package")
    take_turns(Contender(argv, always(project), 1))
    sys.path.insert(0, str(project))
    try:
        return import_module("tickets_package").Ticket
    finally:
        sys.path.remove(str(project))


def _written_by_hand() -> type[BaseModel]:
    """The same document as plain Pydantic: the same names on the wire, and as strict.

    So its ids are of a class of their own, and the keys of its records are those that Convex
    allows.
    """
    from typing import Annotated, Literal

    from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
    from pydantic.alias_generators import to_camel

    class IdOfTicket(str):
        __slots__ = ()

    TicketId = Annotated[str, AfterValidator(IdOfTicket)]
    Key = Annotated[str, StringConstraints(pattern=r"^([ -#%-~][ -~]{0,1023})?$")]

    class Strict(BaseModel):
        model_config = ConfigDict(
            strict=True,
            extra="forbid",
            frozen=True,
            alias_generator=to_camel,
            validate_by_name=True,
        )

    class Settings(Strict):
        color_theme: str
        wide: bool
        font_size: float | None = None

    class Ticket(Strict):
        id: TicketId = Field(alias="_id")
        creation_time: float = Field(alias="_creationTime")
        title: str
        body_text: str | None = None
        status: Literal["draft", "open", "closed"]
        priority: float
        is_done: bool
        parent_id: TicketId | None = None
        tags: list[str]
        labels: dict[Key, str]
        settings: Settings
        reviewed_at: float | None

    # Annotations of a class in a function are resolved here, where its names are.
    Ticket.model_rebuild()
    return Ticket
