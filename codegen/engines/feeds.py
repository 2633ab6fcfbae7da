"""What can be followed on a deployment: calls of query functions, and queries of documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

from codegen.convex.conversation import Conversation, check_query
from codegen.convex.errors import Unsupported
from codegen.convex.listening import Listener, check_live_installed
from codegen.runtime.calls import Call
from codegen.runtime.operations import Operation, Read
from codegen.runtime.vectors import VectorQuery

from .call_feed import CallFeed
from .convex.reading import Reading
from .deployment_feed import Feed
from .package import Package
from .read_feed import ReadFeed

R = TypeVar("R")


class Feeds(NamedTuple):
    """Where all subscriptions of one deployment hear of results."""

    conversation: Conversation
    package: Package
    listener: Listener

    def of(self, operation: Operation[R], wake: Callable[[], object]) -> Feed[R]:
        """What there is to hear of an operation; `wake` is called when there is something.

        Raises a `TypeError` for a call of a mutation or an action, `Unsupported` for a vector
        query and without functions for documents, and a `ModuleNotFoundError` where Convex's
        client is not installed.
        """
        if isinstance(operation, Call):
            check_query(operation)
        elif isinstance(operation, VectorQuery):
            raise Unsupported(
                "a deployment finds what is nearest to a vector in an action, and tells of new"
                " results of queries only: run it again when you need to"
            )
        elif self.conversation.options.documents == "system":
            raise Unsupported(
                "without functions for documents a deployment tells of no new results: write"
                " them with `codegen export --to convex-helper > convex/tablewright.ts`, deploy"
                " them, and leave out `documents`"
            )
        check_live_installed()
        if isinstance(operation, Call):
            return CallFeed(self.conversation, self.listener, operation, wake)
        reading = Reading(self.conversation, self.package)
        return ReadFeed(reading, self.listener, cast("Read[R]", operation), wake)
