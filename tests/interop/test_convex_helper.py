"""The functions for a deployment's documents, as the real tools see them."""

from __future__ import annotations

from pathlib import Path

from codegen.interop import convex_helper
from tests.cases.cases import codegen
from tests.interop.real_convex import RealConvex


def test_the_compiler_takes_them(real_convex: RealConvex) -> None:
    assert real_convex.compiler_errors([convex_helper.dumps()]) == ""


def test_prettier_changes_nothing(real_convex: RealConvex) -> None:
    assert real_convex.formatted(convex_helper.dumps()) == convex_helper.dumps()


def test_they_need_no_schema(tmp_path: Path) -> None:
    code, text, errors = codegen(["export", "--to", "convex-helper"], tmp_path)
    assert (code, errors) == (0, "")
    assert text == convex_helper.dumps()
