"""What a user's token says of itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any


def expiry_of(token: str) -> float | None:
    """When a JWT expires (its claim `exp`), in seconds since 1970, if it says so."""
    payload = token.split(".")[1:2]
    try:
        claims: Any = json.loads(urlsafe_b64decode(f"{payload[0]}=="))
        return float(claims["exp"])
    except (ValueError, LookupError, TypeError):
        return None
