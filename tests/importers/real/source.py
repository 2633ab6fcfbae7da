"""What an import says that it kept of a source, as the judge of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator

from .closing import Closing
from .documents import Documents, Place, read_document
from .graphql_schema import Reading
from .imported import Imported
from .inputs import Input
from .judges import REFS_ALONE, by_source, draft_of
from .reported import ASSUMED, NAME, RECURSIVE, Report


def sources(one: Input, path: Path, imported: Imported) -> list[Source]:
    """The source without what was lost, and once more with what contains itself.

    Where a type contains itself, the import writes `Any`: inside of it, and not where it is
    used first. What is taken is right if it is right by either of the two.
    """
    reports = imported.reports
    if all(report.code != RECURSIVE for report in reports):
        return [Source(one, path, imported, reports)]
    others = [report for report in reports if report.code != RECURSIVE]
    return [Source(one, path, imported, told) for told in (reports, others)]


class Source:
    """A source without what is reported."""

    def __init__(
        self, one: Input, path: Path, imported: Imported, reports: Sequence[Report]
    ) -> None:
        if one.kind == "GraphQL":
            # The others are about what its JSON Schema does not say to begin with.
            reports = [one for one in reports if one.code in (NAME, RECURSIVE)]
        by_file: dict[str, list[Report]] = defaultdict(list)
        for report in reports:
            by_file[report.file].append(report)
        self._documents = Documents(by_file)
        if one.kind == "GraphQL":
            reading = _reading(one, imported)
            document = reading.json_schema(path.read_text("utf-8-sig"))
            self._documents.add(str(path), document)
        self.draft = _draft(one, path)

    def closed(self, place: Place) -> dict[str, Any]:
        """The schema at a place, whose objects take no other fields."""
        return Closing(self._documents, self.draft in REFS_ALONE).closed_at(place)

    def validator(self, place: Place) -> Validator:
        """What judges documents by the schema at a place."""
        return by_source(self.closed(place), self.draft)


def _reading(one: Input, imported: Imported) -> Reading:
    """How the import says that it reads what GraphQL leaves open."""
    texts = {
        str(report.pointer[1])
        for report in imported.reports
        if report.code == ASSUMED and len(report.pointer) == 2
    }
    if one.options.references == "embed":
        return Reading(texts)
    return Reading(texts, {str(p.pointer[1]) for p in imported.tables.values()})


def _draft(one: Input, path: Path) -> str:
    match one.kind:
        case "OpenAPI 3.0":
            return "4"
        case "GraphQL":
            return "7"
        case _:
            return draft_of(read_document(path))
