"""The documents of an import, and where references between them lead."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from codegen.diagnostics import Diagnostics

from ..losses import Losses
from ..places import Document, Json, Place
from ..reading import parse, read_text
from .keywords import LISTS, MAPS, SCHEMAS, restricting
from .remote import fetched

OPENAPI_30: Final = 3.0
LATEST: Final = 2020.0
_TOO_OLD: Final = re.compile(r"draft-0[1-3]")
_DRAFTS: Final = {
    "draft-04": 4.0,
    "draft-05": 4.0,
    "draft-06": 6.0,
    "draft-07": 7.0,
    "2019-09": 2019.0,
    "2020-12": LATEST,
}


@dataclass
class Sources:
    """Documents by the path or address that leads to them; `root` is the key of the first.

    `draft` is what a document speaks that does not say it: a year or a number of JSON Schema's,
    or `OPENAPI_30`.
    """

    root: str
    documents: dict[str, Document]
    diagnostics: Diagnostics
    allow_remote: bool = False
    draft: float = LATEST
    _named: dict[str, Place] = field(default_factory=dict[str, Place])
    """Every place with an address of its own: `$id`, `$anchor`."""
    _bases: dict[Place, str] = field(default_factory=dict[Place, str])
    _drafts: dict[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        self.losses = Losses(self.documents, self.diagnostics)
        for key in list(self.documents):
            self._index(key)

    def schema(self, place: Place) -> Json:
        """The value at a place."""
        value = self.documents[place.document].value
        for step in place.steps:
            if isinstance(value, dict):
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
        return value

    def draft_of(self, place: Place) -> float:
        return self._drafts.get(place.document, self.draft)

    def is_nullable(self, place: Place) -> bool:
        """Whether the schema at a place takes null besides; only OpenAPI 3.0 says it so."""
        schema = self.schema(place)
        says = isinstance(schema, dict) and schema.get("nullable") is True
        return says and self.draft_of(place) == OPENAPI_30

    def ignores_siblings(self, place: Place) -> bool:
        """Whether what stands beside a `$ref` counts for nothing there."""
        return self.draft_of(place) < 2019

    def reference(self, place: Place) -> Place | None:
        """Where the `$ref` of the schema at a place leads; None after a report."""
        schema = self.schema(place)
        assert isinstance(schema, dict)
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            reference = schema.get(keyword)
            if isinstance(reference, str):
                return self._resolved(place, keyword, reference)
        self.losses.failed("E803", place, "a `$ref` must be a text", "$ref")
        return None

    def is_plain_reference(self, place: Place) -> bool:
        """Whether the schema at a place says nothing but where it leads."""
        schema = self.schema(place)
        if not isinstance(schema, dict) or "$ref" not in schema:
            return False
        return self.ignores_siblings(place) or restricting(schema) == ["$ref"]

    def _resolved(self, place: Place, keyword: str, reference: str) -> Place | None:
        address, fragment = urldefrag(urljoin(self._base(place), reference))
        found = self._document(place, keyword, reference, address)
        if found is None:
            return None
        if not fragment:
            return found
        if not fragment.startswith("/"):
            anchored = self._named.get(f"{address}#{fragment}")
            anchored = anchored or self._named.get(f"{found.document}#{fragment}")
            if anchored is None:
                self._lost(place, keyword, reference)
            return anchored
        return self._pointed(place, keyword, reference, found, fragment)

    def _document(
        self, place: Place, keyword: str, reference: str, address: str
    ) -> Place | None:
        """The document, or the part of one, that an address without a fragment names."""
        if not address or reference.startswith("#"):
            return self._resource(place)
        for known in (address, address.rstrip("/"), f"{address}#"):
            if known in self._named:
                return self._named[known]
        if address in self.documents:
            return Place(address)
        relative = urldefrag(reference)[0]
        if not urlsplit(relative).scheme and not _is_remote(place.document):
            folder = posixpath.dirname(place.document)
            path = posixpath.normpath(posixpath.join(folder, unquote(relative)))
            if path in self.documents:
                return Place(path)
            if self._is_near(path) and os.path.isfile(path):
                return self._load_file(path)
            if not _is_remote(address) and not self._is_near(path):
                message = f"`{reference}` is not in the folder of the source, and is not opened"
                hint = "copy it beside the source, and name the copy"
                self.losses.failed("E808", place, message, keyword, hint)
                return None
        if _is_remote(address):
            return self._load_remote(place, keyword, address)
        self._lost(place, keyword, reference)
        return None

    def _is_near(self, path: str) -> bool:
        """Whether a file is beside the first document, or below, wherever links lead."""
        folder = os.path.realpath(os.path.dirname(self.root) or os.curdir)
        return os.path.realpath(path).startswith(os.path.join(folder, ""))

    def _load_file(self, path: str) -> Place | None:
        text = read_text(path, self.diagnostics)
        read = parse(path, text, self.diagnostics) if text is not None else None
        return self._add(path, read)

    def _load_remote(self, place: Place, keyword: str, address: str) -> Place | None:
        if not self.allow_remote:
            message = f"`{address}` is on another machine, and is not fetched"
            hint = "--allow-remote fetches it; or copy it, and name the copy"
            self.losses.failed("E802", place, message, keyword, hint)
            return None
        text = fetched(address)
        if isinstance(text, OSError):
            message = f"`{address}` can't be fetched: {text}"
            self.losses.failed("E802", place, message, keyword)
            return None
        return self._add(address, parse(address, text, self.diagnostics))

    def _add(self, key: str, read: Document | None) -> Place | None:
        if read is None:
            return None
        self.documents[key] = read
        self._index(key)
        return Place(key)

    def _pointed(
        self, place: Place, keyword: str, reference: str, found: Place, fragment: str
    ) -> Place | None:
        value = self.schema(found)
        steps: list[str | int] = []
        for part in unquote(fragment[1:]).split("/"):
            step: str | int = part.replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and step in value:
                value = value[str(step)]
            elif (
                isinstance(value, list) and part.isdecimal() and int(part) < len(value)
            ):
                step = int(part)
                value = value[step]
            else:
                self._lost(place, keyword, reference)
                return None
            steps.append(step)
        if not isinstance(value, (dict, bool)):
            self._lost(place, keyword, reference)
            return None
        return found.inside(*steps)

    def _lost(self, place: Place, keyword: str, reference: str) -> None:
        message = f"`{reference}` leads nowhere"
        self.losses.failed("E803", place, message, keyword)

    def _resource(self, place: Place) -> Place:
        """The innermost schema around a place that has an address of its own."""
        for end in range(len(place.steps), 0, -1):
            around = Place(place.document, place.steps[:end])
            if around in self._bases:
                return around
        return Place(place.document)

    def _base(self, place: Place) -> str:
        return self._bases.get(self._resource(place), place.document)

    def _index(self, key: str) -> None:
        """Finds the addresses that parts of a document give themselves."""
        document = self.documents[key]
        declared = (
            document.value.get("$schema") if isinstance(document.value, dict) else None
        )
        if isinstance(declared, str):
            found = (year for name, year in _DRAFTS.items() if name in declared)
            self._drafts[key] = next(found, LATEST)
            if _TOO_OLD.search(declared):
                message = "drafts of JSON Schema before draft 4 are not read"
                hint = "what they say differently has to be written anew: `required`, `extends`, …"
                self.losses.failed("E801", Place(key), message, "$schema", hint)
        todo: list[tuple[Place, Json, str]] = [(Place(key), document.value, key)]
        while todo:
            place, value, base = todo.pop()
            if not isinstance(value, dict):
                continue
            own = value.get("$id", value.get("id"))
            if isinstance(own, str) and ("$id" in value or self.draft_of(place) == 4.0):
                if own.startswith("#"):
                    self._named[f"{base}{own}"] = place
                elif "$ref" not in value or not self.ignores_siblings(place):
                    base = urldefrag(urljoin(base, own))[0]
                    self._named.setdefault(base, place)
                    self._bases[place] = base
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(anchor := value.get(keyword), str):
                    self._named.setdefault(f"{base}#{anchor}", place)
            todo += ((p, v, base) for p, v in subschemas(place, value))


def subschemas(place: Place, schema: dict[str, Json]) -> Iterator[tuple[Place, Json]]:
    """The schemas directly inside of a schema, and what else may hold definitions."""
    for keyword, value in schema.items():
        if keyword in MAPS and isinstance(value, dict):
            for name, one in value.items():
                yield place.inside(keyword, name), one
        elif keyword in LISTS and isinstance(value, list):
            for i, one in enumerate(value):
                yield place.inside(keyword, i), one
        elif keyword in SCHEMAS:
            yield place.inside(keyword), value
        elif keyword == "components" and isinstance(value, dict):
            schemas = value.get("schemas")
            for name, one in schemas.items() if isinstance(schemas, dict) else ():
                yield place.inside(keyword, "schemas", name), one


def _is_remote(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https")
