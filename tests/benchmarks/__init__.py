"""What the generator and its output cost, as ratios to others that run in between.

A benchmark takes a scale and a place for files, and yields rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from .documents import documents
from .generating import edit, growth, peers
from .packages import check, imports
from .projects import Scale, Workshop
from .rows import Row
from .scaling import scaling
from .server import postgres
from .storage import storage
from .typescript import typescript

BENCHMARKS: Final[dict[str, Callable[[Scale, Workshop], Iterator[Row]]]] = {
    "peers": peers,
    "growth": growth,
    "edit": edit,
    "check": check,
    "imports": imports,
    "documents": documents,
    "storage": storage,
    "postgres": postgres,
    "scaling": scaling,
    "typescript": typescript,
}
