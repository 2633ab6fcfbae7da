"""The names that a package offers, imported when they are first used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..code import Code, literal
from ..import_block import export_order, import_block


@dataclass(frozen=True, slots=True)
class ExportView:
    name: Code
    module: Code


def export_views(modules: Mapping[str, str]) -> tuple[ExportView, ...]:
    """The names with their modules, in the order that `__all__` is sorted by."""
    return tuple(
        ExportView(literal(name), literal(modules[name]))
        for name in sorted(modules, key=export_order)
    )


def lazy_imports(modules: Mapping[str, str]) -> Code:
    """The same as the imports that a type checker reads."""
    by_module: dict[str, dict[str, str | None]] = {}
    for name, module in modules.items():
        by_module.setdefault(module, {})[name] = None
    return import_block(by_module, indent=4)
