"""What the real tools say of a `schema.ts`: npm's `convex`, Prettier and TypeScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.node import NodeProcess
from tests.npm import NODE

PROJECT = Path(__file__).parent / "typescript"


@dataclass(frozen=True)
class Read:
    """A `schema.ts` as Prettier prints it, and the JSON that it exports."""

    formatted: str
    exported: Any


class RealConvex(NodeProcess):
    """The packages of the project beside this file, in a process of Node."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__(folder, "schemas.mjs")

    def read(self, text: str) -> Read:
        """Runs a `schema.ts`; fails if it can't be parsed or run."""
        answer = self.answer(text)
        assert "error" not in answer, f"{answer['error']}\n{text}"
        return Read(**answer)

    def formatted(self, text: str) -> str:
        """What Prettier makes of a module."""
        answer = self.answer({"format": text})
        return str(answer["formatted"])

    def compiler_errors(self, texts: Iterable[str]) -> str:
        """What the compiler says, strict as Convex's projects are, of each as a module."""
        with TemporaryDirectory(dir=self._folder) as folder:
            for number, text in enumerate(texts):
                Path(folder, f"schema{number}.ts").write_text(text, "utf-8")
            options = {"extends": str(PROJECT / "tsconfig.json"), "include": ["*.ts"]}
            Path(folder, "tsconfig.json").write_text(json.dumps(options))
            compiler = self._folder / "node_modules" / "typescript" / "bin" / "tsc"
            done = subprocess.run(
                [NODE, compiler, "--pretty", "false", "--project", folder],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        assert bool(done.returncode) is bool(done.stdout), done.stdout
        return done.stdout
