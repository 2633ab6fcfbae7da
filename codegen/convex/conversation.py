"""What a deployment can be asked, each as an exchange."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar, cast

from pydantic import JsonValue

from codegen.runtime.calls import Call
from codegen.runtime.errors import InvalidResult
from codegen.runtime.model import Extra
from codegen.runtime.wire import writable

from .answers import value_of
from .attempts import Asked, reply_to
from .errors import UnexpectedAnswer
from .exchange import Exchange, Reply
from .options import Options
from .refusals import check_answered, json_of, unexpected

R = TypeVar("R")
Kind: TypeAlias = Literal["query", "mutation", "action"]

_FORMAT: Final = b"convex_encoded_json"
_OPTIONS: Final = "paginationOpts"


class Turn(NamedTuple):
    """A page of a paginated function as it came, and where the next one starts, if any does."""

    value: JsonValue
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One deployment, spoken to as one caller."""

    origin: str
    options: Options

    def run(self, call: Call[R], extra: Extra | None = None) -> Exchange[R]:
        """The result of a function."""
        path = f"/api/{call.__kind__}"
        value = yield from self._call(path, call, _question(call))
        return call.result_from_wire(value, extra=extra)

    def together(self, calls: Sequence[Call[Any]]) -> Exchange[list[Any]]:
        """The results of queries, all as things are at one moment."""
        for call in calls:
            check_query(call)
        if not calls:
            return []
        body = b'{"queries":[' + b",".join(map(_question, calls)) + b"]}"
        asked = Asked("/api/query_batch", body, repeatable=True)
        answers = (yield from self._json(asked)).get("results")
        results = cast("list[object]", answers) if isinstance(answers, list) else []
        if len(results) != len(calls):
            raise unexpected(
                self.origin, "a batch has another number of results than queries"
            )
        return [
            call.result_from_wire(self._value_in(result, call.__function__))
            for call, result in zip(calls, results, strict=True)
        ]

    def moment(self) -> Exchange[str]:
        """The deployment's time now, which queries can be run at."""
        asked = Asked("/api/query_ts", b"", repeatable=True)
        moment = (yield from self._json(asked)).get("ts")
        if not isinstance(moment, str):
            raise unexpected(self.origin, "it does not tell its time")
        return moment

    def run_at(
        self, moment: str, call: Call[R], extra: Extra | None = None
    ) -> Exchange[R]:
        """The result of a query as things were at a moment."""
        check_query(call)
        body = _at(_question(call), moment)
        value = yield from self._call("/api/query_at_ts", call, body)
        return call.result_from_wire(value, extra=extra)

    def turn(self, call: Call[Any], cursor: str | None) -> Exchange[Turn]:
        """A page of a function that takes `paginationOpts`, from a cursor on."""
        arguments = call.to_wire()
        given = arguments[_OPTIONS]
        assert isinstance(given, dict)
        arguments[_OPTIONS] = {**given, "cursor": cursor}
        body = _body(call.__function__, writable(arguments))
        value = yield from self._call("/api/query", call, body)
        match value:
            case {"page": list(), "isDone": bool(done), "continueCursor": str(after)}:
                return Turn(value, None if done else after)
            case _:
                reason = "it is no page: `page`, `isDone` and `continueCursor`"
                raise InvalidResult(call.__function__, "", reason)

    def system_query(self, function: str, arguments: JsonValue) -> Exchange[JsonValue]:
        """What one of the deployment's own functions says; it takes an admin key."""
        return (yield from self.function("query", function, arguments))

    def function(
        self, kind: Kind, name: str, arguments: JsonValue, moment: str | None = None
    ) -> Exchange[JsonValue]:
        """What any function gives, in the encoded form; a query, also at a moment."""
        body = _body(name, writable(arguments))
        path = f"/api/{kind}"
        if moment is not None:
            path, body = "/api/query_at_ts", _at(body, moment)
        return (yield from self._value(path, kind, name, body))

    def json(self, path: str) -> Exchange[dict[str, Any]]:
        """The JSON object at a path."""
        return (yield from self._json(Asked(path, None, repeatable=True)))

    def posted(self, path: str, body: bytes) -> Exchange[dict[str, Any]]:
        """The JSON object that a question gets which changes nothing."""
        return (yield from self._json(Asked(path, body, repeatable=True)))

    def text(self, path: str) -> Exchange[str]:
        """The text at a path."""
        reply = yield from self._reply(Asked(path, None, repeatable=True))
        return reply.body.decode("utf-8", "replace").strip()

    def _call(self, path: str, call: Call[Any], body: bytes) -> Exchange[JsonValue]:
        return self._value(path, call.__kind__, call.__function__, body)

    def _value(
        self, path: str, kind: Kind, function: str, body: bytes
    ) -> Exchange[JsonValue]:
        is_query = kind == "query"
        reply = yield from self._reply(Asked(path, body, repeatable=is_query))
        try:
            return self._value_in(json_of(self.origin, reply), function)
        except UnexpectedAnswer as error:
            error.may_have_run = not is_query
            raise

    def _value_in(self, answer: object, function: str) -> JsonValue:
        return value_of(answer, function, self.origin, self.options)

    def _json(self, asked: Asked) -> Exchange[dict[str, Any]]:
        return json_of(self.origin, (yield from self._reply(asked)))

    def _reply(self, asked: Asked) -> Exchange[Reply]:
        reply = yield from reply_to(asked, self.origin, self.options)
        check_answered(self.origin, reply)
        return reply

    def speaking_as(self, token: str) -> Conversation:
        """The same deployment, spoken to as a user."""
        return replace(self, options=replace(self.options, token=token, admin_key=None))


def first_cursor(call: Call[Any]) -> str | None:
    """The cursor that a call of a paginated query begins with.

    Raises a TypeError for a call that takes no `paginationOpts`.
    """
    check_query(call)
    given = call.to_wire().get(_OPTIONS)
    if not isinstance(given, dict):
        raise TypeError(f"`{call.__function__}` takes no `{_OPTIONS}`: it has no pages")
    return cast("str | None", given.get("cursor"))


def check_query(call: Call[Any]) -> None:
    """Raises a TypeError for a call of a mutation or an action."""
    if call.__kind__ != "query":
        raise TypeError(f"`{call.__function__}` is no query, but a {call.__kind__}")


def _at(body: bytes, moment: str) -> bytes:
    """A question about how things were at a moment."""
    return body[:-1] + b',"ts":' + writable(moment) + b"}"


def _question(call: Call[Any]) -> bytes:
    return _body(call.__function__, call.to_wire_json())


def _body(function: str, arguments: bytes) -> bytes:
    path = json.dumps(function).encode()
    return b'{"path":%b,"format":"%b","args":%b}' % (path, _FORMAT, arguments)
