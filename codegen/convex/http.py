"""What both ways of HTTP have in common; httpx is imported by those who speak it only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .exchange import Lost, Request
from .options import Options

if TYPE_CHECKING:
    import httpx

CLIENT: Final = "tablewright-0.1.0"
"""What the client calls itself: a name and a version, as the server wants it."""
# An idle connection is kept for less time than servers and proxies keep it.
_KEPT_S: Final = 5


def check_installed() -> None:
    """Raises a `ModuleNotFoundError` that says what to install."""
    try:
        for name in ("httpx", "dotenv"):
            import_module(name)
    except ImportError as error:
        raise ModuleNotFoundError(
            f'deployments need httpx: pip install "tablewright[convex]" ({error})',
            name=error.name,
        ) from None


def headers_of(request: Request) -> dict[str, str]:
    """The headers of a request, which may have a secret among them."""
    headers = {"Accept": "application/json", "Convex-Client": CLIENT}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    if request.authorization is not None:
        headers["Authorization"] = request.authorization.reveal()
    return headers


def proxy_of(origin: str) -> str | None:
    """The proxy that the environment has for an origin (`HTTPS_PROXY`, `NO_PROXY`, …)."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(origin)
    if proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def timeout_of(request: Request, options: Options) -> httpx.Timeout:
    """How long each step of a request may take."""
    import httpx

    within = max(request.within_s, 0.001)
    silent_ms = options.read_timeout_ms
    silent = within if silent_ms is None else min(silent_ms / 1000, within)
    connect = min(options.connect_timeout_ms / 1000, within)
    return httpx.Timeout(silent, connect=connect, pool=within)


def limits_of(options: Options) -> httpx.Limits:
    """How many connections there may be, and how long they are kept."""
    import httpx

    return httpx.Limits(max_connections=options.connections, keepalive_expiry=_KEPT_S)


def lost(error: httpx.TransportError) -> Lost:
    """What went wrong on the way, and whether the request may have arrived."""
    import httpx

    before = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return Lost(
        _reason(error),
        timed_out=isinstance(error, httpx.TimeoutException),
        sent=not isinstance(error, (*before, httpx.ProxyError)),
    )


def _reason(error: httpx.TransportError) -> str:
    import httpx

    words: dict[type[httpx.TransportError], str] = {
        httpx.PoolTimeout: "all connections were busy for too long",
        httpx.ConnectTimeout: "it took too long to connect",
        httpx.ReadTimeout: "the answer took too long",
        httpx.WriteTimeout: "it took too long to send the request",
    }
    # What libraries say has addresses and reasons of the system, and nothing of the request.
    return words.get(type(error)) or str(error) or type(error).__name__
