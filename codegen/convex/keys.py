"""The keys of deployments, as they are written: `name|0123abcd…`, `prod:name|…`.

Admin keys of a server of one's own and deploy keys of Convex's cloud look alike. Nothing that
these functions say has a part of the secret in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .secret import Secret

# A version, a nonce of 12 or 24 bytes, 4 bytes of text at least, and a tag of 16: in hex.
_SHORTEST: Final = 2 * (1 + 12 + 4 + 16)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_KINDS: Final = ("dev", "prod", "preview", "project")


def kind_of(key: Secret) -> str | None:
    """What stands before the `:`, such as `prod`; None for a key of a server of one's own."""
    name, bar, _ = key.reveal().partition("|")
    kind = name.partition(":")[0]
    return kind if bar and ":" in name and kind in _KINDS else None


def deployment_of(key: Secret) -> str | None:
    """The name of the deployment that the key is for, if it has one."""
    name, bar, _ = key.reveal().partition("|")
    return name.rpartition(":")[2] or None if bar else None


def faults_of(key: Secret) -> Iterator[str]:
    """What is wrong with the form of a key, as far as it can be seen."""
    text = key.reveal()
    if text != text.strip():
        yield "it has spaces or a line break at its ends: remove them"
        text = text.strip()
    if text[:1] in "\"'`" or text[-1:] in "\"'`":
        yield "it has quotes around it, which belong to the shell or the file: remove them"
        text = text.strip("\"'`")
    if re.search(r"\s", text):
        yield "it has a space or a line break inside: copy it again, as one line"
    if text.startswith(("Convex ", "Bearer ")):
        yield "it begins as a header does: the key alone is meant"
        return
    name, bar, secret = text.partition("|")
    if not bar:
        yield "the name of the instance and a `|` before the key are missing: copy all of it"
        secret = text
    elif re.fullmatch("[0-9a-fA-F]{40,}", name):
        yield "its two parts are in the wrong order: the name of the instance comes first"
        return
    elif not _NAME.fullmatch(name.rpartition(":")[2]):
        yield "before the `|` there is no name of an instance"
    yield from _secret_faults(secret, kind_of(Secret(text)))


def _secret_faults(secret: str, kind: str | None) -> Iterator[str]:
    if not secret:
        yield "behind the `|` there is nothing: copy all of it"
    elif kind is not None:
        # A deploy key of the cloud is a token of which nothing is known but its length.
        if len(secret) < 20:
            yield "it is too short: copy all of it"
    elif not re.fullmatch("[0-9a-fA-F]*", secret):
        yield "behind the `|` there are characters other than 0-9 and a-f: copy it again"
    elif len(secret) < _SHORTEST or len(secret) % 2:
        yield "it is too short: it was cut when it was copied"
