"""Documents of other machines, fetched only where the user allows it."""

from __future__ import annotations

from typing import Final

from ..reading import MAX_BYTES

_SECONDS: Final = 20.0


def fetched(address: str) -> str | OSError:
    """The text at an `http` or `https` address, or why there is none."""
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    request = Request(address, headers={"Accept": "application/json, */*;q=0.5"})
    try:
        with urlopen(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return OSError(f"more than {MAX_BYTES:,} bytes")
        return data.decode("utf-8-sig")
    except OSError as error:
        return error
    except (HTTPException, ValueError) as error:
        return OSError(str(error))
