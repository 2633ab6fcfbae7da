"""From a project to the files of its package. What a command does with them is its business."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from codegen.diagnostics import Diagnostics, locate_fault
from codegen.ir.checks.functions import unknown_results
from codegen.ir.model import Schema
from codegen.output.configuration import configuration_digest
from codegen.output.disk import MANIFEST, lf
from codegen.output.fileset import FileSet
from codegen.output.generator import generator_digest
from codegen.output.manifest import Manifest, Owned, Stamp, parse_manifest
from codegen.python.outputs import Output, outputs, package

from .halves import results
from .loading import load_schema
from .project import Project
from .version import VERSION


@dataclass(frozen=True, slots=True)
class Built:
    """What a project's package should be: its files, and the manifest that seals them."""

    schema: Schema
    files: FileSet
    manifest: Manifest
    previous: Manifest


def build(
    project: Project, diagnostics: Diagnostics, *, strict: bool = False
) -> Built | None:
    """Renders the package in memory; None, and diagnostics, if the schema has faults.

    To be `strict` is to refuse functions of which nobody says what they return.
    """
    loaded = load_schema(project, diagnostics)
    if loaded is not None and strict:
        unknown = unknown_results(loaded.schema)
        diagnostics.extend(locate_fault(fault, loaded.locate) for fault in unknown)
        unread = [found for found in diagnostics if found.code == "W702"]
        diagnostics.extend(replace(found, code="E244") for found in unread)
    if loaded is None or diagnostics.failed:
        return None
    planned, faults = package(loaded.schema, project.config.models)
    diagnostics.extend(locate_fault(fault, loaded.locate) for fault in faults)
    if diagnostics.failed:
        return None
    inputs, folders = project.tree.inputs, project.tree.folders
    previous = previous_manifest(project)
    digest = generator_digest()
    reusable = previous if previous.sealed and previous.generator == digest else None
    rendered = _rendered(list(outputs(planned)), project, reusable)
    manifest = Manifest(
        files={
            output.path: Owned(stamp, output.inputs) for output, _, stamp in rendered
        },
        inputs=inputs,
        folders=folders,
        configuration=configuration_digest(project.configuration),
        generator=digest,
        version=VERSION,
    )
    files = FileSet((output.path, data) for output, data, _ in rendered)
    return Built(loaded.schema, files, manifest, previous)


def previous_manifest(project: Project) -> Manifest:
    """The manifest in the output folder, as the last run or a merge left it."""
    path = f"{project.config.output}/{MANIFEST}"
    return parse_manifest(project.tree.unrecorded.read(path))


def _rendered(
    wanted: list[Output], project: Project, reusable: Manifest | None
) -> list[tuple[Output, bytes, Stamp]]:
    """Each file with its text and stamp, in order."""
    kept = [_kept(output, project, reusable) for output in wanted]
    new = iter(
        results([o.text for o, known in zip(wanted, kept, strict=True) if not known])
    )
    rendered: list[tuple[Output, bytes, Stamp]] = []
    for output, known in zip(wanted, kept, strict=True):
        if known:
            rendered.append((output, *known))
        else:
            data = next(new)
            rendered.append((output, data, Stamp.of(data)))
    return rendered


def _kept(
    output: Output, project: Project, reusable: Manifest | None
) -> tuple[bytes, Stamp] | None:
    """A file as it is there already, when it was made from the same and is whole."""
    known = reusable.files.get(output.path) if reusable else None
    if known is None or known.inputs != output.inputs:
        return None
    there = project.tree.unrecorded.read(f"{project.config.output}/{output.path}")
    if there is None or sha256(lf(there)).hexdigest() != known.stamp.sha256:
        return None
    return lf(there), known.stamp
