"""The schema of a project."""

from __future__ import annotations

from codegen.diagnostics import Diagnostics
from codegen.language.source import Loaded

from .config import check_models
from .project import Project
from .schema_files import read_schema


def load_schema(project: Project, diagnostics: Diagnostics) -> Loaded | None:
    """The schema with its functions, checked; None, and diagnostics, where it has faults."""
    config = project.config
    loaded = read_schema(
        project.tree,
        config.schema,
        diagnostics,
        project.root,
        config.functions,
        evaluate=config.evaluate,
        given=config.given,
    )
    if loaded is not None:
        check_models(config, loaded.schema.tables, diagnostics)
    return None if diagnostics.failed else loaded
