"""Templates into text. The only module that imports Jinja."""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from .code import only_code

TEMPLATES: Final = os.path.join(os.path.dirname(__file__), "templates")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=only_code,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


def render(template: str, view: object) -> bytes:
    """The text of a generated file, as the UTF-8 bytes that are written."""
    return _template(template).render(view=view).encode()
