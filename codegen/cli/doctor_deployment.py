"""`codegen doctor` for a Convex deployment: is it there, and is it as the project says?"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Literal

from codegen.diagnostics import Diagnostics

from . import deployment
from .console import Console, Exit

if TYPE_CHECKING:
    from codegen.convex.environment import Setting
    from codegen.convex.findings import Finding
    from codegen.convex.selection import Chosen
    from codegen.ir.delta import Change
    from codegen.ir.model import Schema
    from codegen.ir.types import JsonValue

_SHOWN = 20


def run(given: Namespace) -> Exit:
    from codegen.convex.examination import Examination, remarks_on

    report = _Report(Console(given.format))
    try:
        settings = deployment.settings_of(given)
        for setting in settings.values():
            report.setting(setting, _widths(settings))
        chosen = deployment.find(given, settings)
        examination = Examination(chosen, settings, given.timeout_ms)
    except (OSError, ValueError) as error:
        return deployment.report_none(report.console, error)
    with closing(examination):
        address = f"{chosen.origin}, from {chosen.origin_from}"
        report.told("address", "fine", address, None)
        for finding in remarks_on(settings, chosen):
            report.finding(finding)
        for finding in examination.findings():
            report.finding(finding)
        if examination.admitted:
            _compare(chosen, report, given)
    return Exit.CLEAN if report.sound else Exit.DRIFT


def _compare(chosen: Chosen, report: _Report, given: Namespace) -> None:
    """Tells how the deployed schema and functions differ from the project's."""
    from codegen.convex.administration import administered
    from codegen.convex.errors import DeploymentError
    from codegen.project.deployed import (
        UnreadableSchema,
        function_changes,
        table_changes,
    )

    schema = _project_schema(given)
    try:
        with administered(chosen, given.timeout_ms) as administrator:
            deployed = administrator.schema()
            functions = administrator.functions()
            report.helper(administrator.helper_version())
        if deployed is None:
            push = "push one: `codegen push`, or `npx convex deploy`"
            report.told("schema", "note", "none was pushed", push)
        elif schema is None:
            report.told(
                "schema",
                "fine",
                "there is one, and no schema here to compare it with",
                None,
            )
        else:
            report.changes("schema", table_changes(deployed, schema))
        if schema is not None and schema.functions:
            report.changes("functions", function_changes(functions, schema))
    except (DeploymentError, UnreadableSchema) as error:
        report.told("schema", "fault", f"it can't be read: {error}", None)


def _project_schema(given: Namespace) -> Schema | None:
    """The project's schema; None where there is none, or where it has faults."""
    from codegen.project.loading import load_schema
    from codegen.project.project import open_project

    diagnostics = Diagnostics()
    project = open_project(diagnostics, schema=given.schema)
    loaded = load_schema(project, diagnostics)
    return None if loaded is None else loaded.schema


class _Report:
    """Prints for people, or a line of JSON for each thing that was seen."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.sound = True

    def setting(self, setting: Setting, widths: tuple[int, int]) -> None:
        name, value, source = setting.name, setting.shown, setting.source
        if self.console.format == "json":
            line = {"setting": name, "value": value, "source": source}
            self._json({**line, "hidden": [*setting.also]})
            return
        also = f", hides {' and '.join(setting.also)}" if setting.also else ""
        left = f"{name:{widths[0]}}  {value:{widths[1]}}"
        self.console.out(f"{left}  {source}{also}")

    def finding(self, finding: Finding) -> None:
        self.told(*finding)

    def told(
        self,
        check: str,
        verdict: Literal["fine", "note", "fault"],
        text: str,
        help: str | None,
    ) -> None:
        self.sound = self.sound and verdict != "fault"
        if self.console.format == "json":
            line = {"check": check, "verdict": verdict, "text": text}
            self._json({**line, "help": help} if help else line)
            return
        word = "" if verdict == "fine" else f"{verdict}: "
        self.console.out(f"{check}: {word}{text}")
        if help is not None:
            self.console.out(f"  help: {help}")

    def helper(self, version: JsonValue) -> None:
        """That the deployment's functions for documents are not those of this package."""
        from codegen.interop import convex_helper

        ours = convex_helper.version()
        if version is None or version == ours:
            return
        shown = f"{version:g}" if isinstance(version, (int, float)) else "unknown"
        text = f"the functions for documents have version {shown}, and this package wants {ours}"
        push = (
            "write them again, with `codegen push`; or use the version of this package that"
            " wrote them"
        )
        self.told("documents", "fault", text, push)

    def changes(self, check: str, changes: list[Change]) -> None:
        """What the project has otherwise than the deployment."""
        if not changes:
            self.told(check, "fine", "as in the project", None)
            return
        push = "push the project: `codegen push`, or `npx convex deploy`"
        text = f"another than the project's, in {len(changes):,} places"
        self.told(check, "fault", text.replace("1 places", "1 place"), push)
        if self.console.format == "json":
            for change in changes:
                self._json({"check": check, "change": change.kind, "text": change.text})
            return
        for line in _few(changes):
            self.console.out(f"  {line}")

    def _json(self, line: Mapping[str, object]) -> None:
        self.console.out(json.dumps(line, ensure_ascii=False))


def _few(changes: list[Change]) -> Iterator[str]:
    for change in changes[:_SHOWN]:
        yield f"{change.kind}: {change.text}"
    if len(changes) > _SHOWN:
        yield f"… and {len(changes) - _SHOWN:,} more"


def _widths(settings: Mapping[str, Setting]) -> tuple[int, int]:
    names = max(len(one.name) for one in settings.values())
    return names, max(len(one.shown) for one in settings.values())
