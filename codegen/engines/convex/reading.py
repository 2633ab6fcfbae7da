"""What a query of documents has read, as questions whose answers change when its result may."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar, cast

from codegen.convex.conversation import Conversation
from codegen.convex.exchange import Exchange
from codegen.ir.types import JsonValue
from codegen.runtime.operations import Read

from ..package import Package
from .documents import Documents
from .questions import Question

R = TypeVar("R")


class Seen(NamedTuple):
    """A question, and a digest of the documents that it found."""

    question: Question
    mark: bytes


class Reading(Documents):
    """Runs a query, and notes what it has seen.

    A page is noted by where it has ended. To follow the first ten documents is to follow what is
    between the beginning and the tenth: how many that are, and whether a page of ten would end
    elsewhere now, is left to running the query again.
    """

    def __init__(self, conversation: Conversation, package: Package) -> None:
        super().__init__(conversation, package)
        self.seen: dict[str, Seen] = {}
        self.is_answered = True
        """Whether all that was asked has got an answer."""

    def noted(self, read: Read[R]) -> Exchange[R]:
        """The answer of a query; `seen` is about this one from now on."""
        self.seen = {}
        return (yield from self.run(read))

    def _answer(
        self, question: Question, moment: str | None = None
    ) -> Exchange[JsonValue]:
        self.is_answered = False
        answer = yield from super()._answer(question, moment)
        self.is_answered = True
        up_to_there = _ended(question, answer)
        name = json.dumps(up_to_there, sort_keys=True)
        self.seen[name] = Seen(up_to_there, mark_of_answer(answer))
        return answer


def mark_of_answer(answer: object) -> bytes:
    """A digest of the documents in an answer, whoever has read it: 1 is 1.0 there."""
    found = cast(Any, answer)
    documents = found["page"] if isinstance(answer, dict) else found
    alike = json.loads(json.dumps(documents), parse_int=float)
    return blake2b(json.dumps(alike, sort_keys=True).encode(), digest_size=16).digest()


def _ended(question: Question, answer: JsonValue) -> Question:
    page = question.arguments.get("page")
    if not isinstance(page, dict):
        return question
    end = cast(Any, answer)["continueCursor"]
    return question.of_part(page={**page, "endCursor": end})
