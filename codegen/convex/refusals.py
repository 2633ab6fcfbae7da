"""Answers that are none: the errors of HTTP, in a deployment's words or a proxy's."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from .errors import AuthError, Refused, UnexpectedAnswer
from .exchange import Reply

E = TypeVar("E", bound=Refused)

_SHOWN: Final = 300


def refusal(kind: type[E], origin: str, reply: Reply) -> E:
    """The error of a reply that says why, as `{"code": …, "message": …}`, or that does not."""
    said = said_in(reply)
    code, message = said.get("code"), said.get("message")
    return kind(
        origin,
        reply.status,
        code if isinstance(code, str) else "",
        message if isinstance(message, str) else _phrase(reply.status),
    )


def check_answered(origin: str, reply: Reply) -> None:
    """Raises what a reply says that is no answer.

    Raises `AuthError`, `Refused`, or `UnexpectedAnswer` for what is no deployment's.
    """
    status = reply.status
    if 300 <= status < 400:
        raise unexpected(origin, f"it sends clients to {_place(reply)}: use that URL")
    if status in (401, 403) and said_in(reply):
        raise refusal(AuthError, origin, reply)
    if status not in (200, 560):
        if not said_in(reply):
            raise unexpected(
                origin,
                f"HTTP {status} {_phrase(status)}: is this the URL of a deployment?",
            )
        raise refusal(Refused, origin, reply)


def unexpected(origin: str, reason: str) -> UnexpectedAnswer:
    """The error for what a deployment would not say."""
    return UnexpectedAnswer(f"{origin} does not answer as a deployment does: {reason}")


def json_of(origin: str, reply: Reply) -> dict[str, Any]:
    """The JSON object that a reply has; raises `UnexpectedAnswer` for anything else."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        given = f"`{kind}`" if kind else "something without a content type"
        raise unexpected(
            origin, f"it gives {given} in place of JSON: is a proxy in between?"
        )
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise unexpected(origin, "it gives malformed JSON") from None
    if not isinstance(value, dict):
        raise unexpected(origin, "it gives JSON that is no object")
    return cast("dict[str, Any]", value)


def said_in(reply: Reply) -> dict[str, Any]:
    """The object that a refusal has as its body, or an empty one."""
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"


def _place(reply: Reply) -> str:
    """Where a redirection leads, without what could be a secret."""
    parts = urlsplit(reply.headers.get("location", ""))
    host = parts.netloc.rpartition("@")[2]
    place = f"{parts.scheme}://{host}" if host else parts.path
    return place[:_SHOWN] or "nowhere"
