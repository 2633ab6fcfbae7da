"""What the real tools say of a `schema.ts`: npm's `convex`, Prettier and TypeScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from tests.npm import NODE

PROJECT = Path(__file__).parent / "typescript"


@dataclass(frozen=True)
class Read:
    """A `schema.ts` as Prettier prints it, and the JSON that it exports."""

    formatted: str
    exported: Any


class RealConvex:
    """The packages of the project beside this file, in a process of Node."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [NODE, "schemas.mjs"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def read(self, text: str) -> Read:
        """Runs a `schema.ts`; fails if it can't be parsed or run."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, f"{answer['error']}\n{text}"
        return Read(**answer)

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
