"""Where a deployment is: its URL, and what people write in its place."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

SCHEMES: Final = ("convex+https://", "convex+http://")
OF_ENVIRONMENT: Final = "convex:"
# Names as DNS has them, where some have a `_` and some end with a dot.
_HOST: Final = re.compile(
    r"(?=.{1,254}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.A
)


def is_deployment(url: str) -> bool:
    """Whether a URL names a deployment."""
    return url.startswith(SCHEMES)


def is_named(text: str) -> bool:
    """Whether what a command was given names a deployment, and no database of ours."""
    return text.startswith(OF_ENVIRONMENT) or is_deployment(text)


def origin_of(url: str) -> str:
    """The origin that a deployment answers at, such as `https://name.convex.cloud`.

    It may be written with or without `convex+`. Raises a `ValueError` that says what is wrong
    with any other URL, and that never has what stands before an `@`.
    """
    plain = url.strip().removeprefix("convex+")
    # Variables have it without, for Convex's own command line reads them, too.
    lead = "convex+" if plain != url.strip() else ""
    form = f"`{lead}https://name.convex.cloud`, or `{lead}http://127.0.0.1:3210`"
    try:
        parts = urlsplit(plain)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"the URL of the deployment is malformed: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"{_shown(parts)!r} is not the URL of a deployment: write {form}"
        )
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "the URL of a deployment has no user or password: a key or a token is given apart"
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"{_shown(parts)!r} has a path, a query or a fragment: write {form}"
        )
    if mistake := site_mistake(plain):
        raise ValueError(mistake)
    host = _host(parts.hostname, plain)
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def site_mistake(url: str) -> str | None:
    """What is wrong where somebody took the address of HTTP actions for the deployment's."""
    host = (urlsplit(url.removeprefix("convex+")).hostname or "").lower()
    if not host.endswith(".convex.site"):
        return None
    meant = host.removesuffix(".site") + ".cloud"
    return (
        f"{host!r} serves HTTP actions and no functions: the deployment is at {meant!r}"
    )


def cloud_name(origin: str) -> str | None:
    """The name of a deployment in Convex's cloud, or None for one elsewhere."""
    host = urlsplit(origin).hostname or ""
    return host.partition(".")[0] if host.endswith(".convex.cloud") else None


def without_password(url: str) -> str:
    """The URL as it may be shown: without what stands before an `@`."""
    lead, at, rest = url.rpartition("@")
    return f"{lead.partition('://')[0]}://…@{rest}" if at else url


def _host(name: str, url: str) -> str:
    """The name of a host as HTTP has it; a ValueError for what is no name."""
    try:
        if ":" in name:
            return f"[{IPv6Address(name)}]"
        host = name.encode("idna").decode("ascii")
    except ValueError:
        host = ""
    # `urlsplit` drops line breaks, and what is left may be the name of another.
    if not _HOST.fullmatch(host) or not url.isprintable() or " " in url:
        raise ValueError(
            f"the URL of the deployment is malformed: {name!r} is no name of a host"
        )
    return host


def _shown(parts: SplitResult) -> str:
    """The URL without what is before the host, where a password may be."""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if host else parts.path[:40]
