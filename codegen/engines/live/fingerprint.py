"""Whether two results are the same, without keeping the first of them.

To Python 1, 1.0 and True are equal, and so are 0.0 and -0.0, and NaN is not equal to itself. So
results are compared as their JSON on the wire, which tells the ones and knows the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Final, cast

from codegen.runtime.model import Model

_BYTES: Final = 16


def fingerprint(result: object) -> bytes:
    """A digest of a result of a query."""
    digest = blake2b(digest_size=_BYTES)
    for part in _parts(result):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _parts(value: object) -> Iterator[bytes]:
    yield type(value).__qualname__.encode()
    if isinstance(value, Model):
        yield value.to_wire_json()
    elif isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        yield str(len(items)).encode()
        for item in items:
            yield from _parts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    else:
        yield repr(value).encode("utf-8", "surrogatepass")
