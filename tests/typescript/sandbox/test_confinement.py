"""Code that is run reaches nothing: no files, network, environment or programs."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from codegen.diagnostics import Diagnostics
from codegen.typescript.sandbox import deno
from codegen.typescript.sandbox.app import evaluate_schema
from tests.typescript.sandbox.texts import Texts

# A schema, as far as it matters here, whose only index is called what an attempt gave.
ATTEMPT = """
let told;
try {{
  told = "got " + (await (async () => {{ {code} }})());
}} catch (error) {{
  told = "refused: " + error;
}}
export default {{
  export() {{
    const index = {{ indexDescriptor: told, fields: ["a"] }};
    const documentType = {{ type: "any" }};
    return JSON.stringify({{ tables: [{{ tableName: "t", indexes: [index], documentType }}] }});
  }},
}};
"""


def attempt(code: str, **files: str) -> str:
    """What code that returns something got."""
    diagnostics = Diagnostics()
    schema = ATTEMPT.format(code=code)
    loaded = evaluate_schema(Texts({"s.ts": schema, **files}), "s.ts", diagnostics)
    assert loaded is not None, [*diagnostics]
    return loaded.schema.tables["t"].indexes[0].name


def test_an_attempt_can_tell() -> None:
    assert attempt("return 'this'") == "got this"


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder with files that an import would take."""
    (tmp_path / "secret.json").write_text('{"key": "SECRET"}')
    (tmp_path / "secret.js").write_text('export default "SECRET"')
    (tmp_path / "secret.txt").write_text("SECRET")
    return tmp_path


READS = {
    "readTextFile": "return Deno.readTextFileSync({txt})",
    "node:fs": "return process.getBuiltinModule('fs').readFileSync({txt}, 'utf8')",
    "list": "return [...Deno.readDirSync('/')].length",
    "fetch": "return (await fetch({url})).text()",
    "import": "return (await import({js})).default",
    "import JSON": "return (await import({json}, {{ with: {{ type: 'json' }} }})).default.key",
    "import text": "return (await import({txt}, {{ with: {{ type: 'text' }} }})).default",
    "computed import": "const it = {js}; return (await import(it + '')).default",
    "upward import": "return (await import('../' + '../..' + {js})).default",
    "import of a URL": "return (await import({url})).default",
    "import within data": (
        "return (await import('data:text/javascript,export * from ' + {quoted})).default"
    ),
    "require": (
        "return process.getBuiltinModule('module').createRequire('file:///x')({json}).key"
    ),
    "sqlite": (
        "const {{ DatabaseSync }} = process.getBuiltinModule('sqlite');"
        " return new DatabaseSync({txt})"
    ),
    "worker": (
        "const from = 'data:text/javascript,import it from ' + {quoted} + ';postMessage(it)';"
        " const worker = new Worker(from, {{ type: 'module' }});"
        " return await new Promise((resolve, reject) => {{"
        "   worker.onmessage = (it) => resolve(it.data);"
        "   worker.onerror = (it) => {{ it.preventDefault(); reject(it.message); }};"
        " }})"
    ),
}


@pytest.mark.parametrize("way", READS)
def test_files_can_not_be_read(secrets: Path, way: str) -> None:
    js = secrets / "secret.js"
    code = READS[way].format(
        js=json.dumps(js.as_posix()),
        json=json.dumps((secrets / "secret.json").as_posix()),
        txt=json.dumps((secrets / "secret.txt").as_posix()),
        url=json.dumps(js.as_uri()),
        quoted=json.dumps(f"'{js.as_uri()}'"),
    )
    assert attempt(code).startswith("refused: ")


@pytest.mark.parametrize("specifier", ["/{0}/secret.js", "{1}/secret.js"])
def test_what_a_text_imports_is_not_read_behind_our_back(
    secrets: Path, specifier: str
) -> None:
    """Deno itself would read any file that an `import` names."""
    path = specifier.format(secrets.as_posix(), secrets.as_uri())
    diagnostics = Diagnostics()
    text = f'import it from "{path}";\nexport default {{ export: () => it + "" }};'
    assert evaluate_schema(Texts({"s.ts": text}), "s.ts", diagnostics) is None
    (found,) = diagnostics
    assert found.code == "E705" and "SECRET" not in found.message


WRITES = {
    "writeTextFile": "Deno.writeTextFileSync({path}, '')",
    "node:fs": "process.getBuiltinModule('fs').writeFileSync({path}, '')",
    "mkdir": "Deno.mkdirSync({path})",
    "here": "Deno.writeTextFileSync('x', '')",
    "localStorage": "localStorage.setItem('a', 'b')",
    "caches": "await caches.open('x')",
    "database": "const kv = await Deno.openKv(); await kv.set(['a'], 'b')",
}


@pytest.mark.parametrize("way", WRITES)
def test_nothing_can_be_written(tmp_path: Path, way: str) -> None:
    code = WRITES[way].format(path=json.dumps((tmp_path / "new").as_posix()))
    assert attempt(code).startswith("refused: ")
    assert not [*tmp_path.iterdir()]


def test_the_environment_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "SECRET")
    names = "CONVEX_CLOUD_URL,CONVEX_SITE_URL,NODE_ENV"
    assert attempt("return Object.keys(process.env).sort()") == f"got {names}"
    assert attempt("return process.env.SECRET") == "got undefined"
    for code in (
        "return Deno.env.get('SECRET')",
        "return JSON.stringify(Deno.env.toObject())",
        "return Deno.hostname()",
        "return process.getBuiltinModule('os').userInfo().username",
    ):
        assert attempt(code).startswith("refused: "), code


PROGRAMS = {
    "Command": "return new Deno.Command('/usr/bin/id').outputSync().code",
    "child_process": (
        "const env = {{}}; return process.getBuiltinModule('child_process')"
        ".execFileSync('/usr/bin/id', {{ env }}) + ''"
    ),
    "kill": "Deno.kill(1)",
    "dlopen": "Deno.dlopen('libc.so.6', {{}})",
}


@pytest.mark.parametrize("way", PROGRAMS)
def test_no_program_can_be_run(way: str) -> None:
    assert attempt(PROGRAMS[way].format()).startswith("refused: ")


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine; the test fails if anybody connects."""
    visitors: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):  # the end of the test closes it
                visitors.append(server.accept())

        Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
    assert not visitors


CONNECTIONS = {
    "fetch": "return (await fetch('http://127.0.0.1:{port}')).status",
    "connect": "await Deno.connect({{ hostname: '127.0.0.1', port: {port} }})",
    "listen": "Deno.listen({{ port: 0 }})",
    "resolve": "return await Deno.resolveDns('localhost', 'A')",
    "WebSocket": (
        "await new Promise((resolve, reject) => {{"
        " const it = new WebSocket('ws://127.0.0.1:{port}');"
        " it.onopen = resolve; it.onerror = (e) => reject(e.message); }})"
    ),
    "node:net": (
        "await new Promise((resolve, reject) => process.getBuiltinModule('net')"
        ".connect({port}, '127.0.0.1', resolve).on('error', reject))"
    ),
    "import": "return (await import('http://127.0.0.1:{port}/x.js')).default",
    "npm": "return (await import('npm:' + 'left-pad')).default",
    "jsr": "return (await import('jsr:' + '@std/path')).default",
}


@pytest.mark.parametrize("way", CONNECTIONS)
def test_there_is_no_network(port: int, way: str) -> None:
    assert attempt(CONNECTIONS[way].format(port=port)).startswith("refused: ")


BOMBS = {
    "loop": ("while (true) {}", "E711"),
    "expression": ('/(a+)+$/.test("a".repeat(50) + "b");', "E711"),
    "busy wait": ("for (;;) await null;", "E711"),
    "wait": ("await new Promise(() => {});", "E715"),
    "exit": ("process.exit(0);", "E715"),
    "recursion": ("const f = () => 1 + f(); f();", "E712"),
    "output": (
        'const text = "x".repeat(1e6); while (true) process.stdout.write(text);',
        "E715",
    ),
    "arrays": ("const all = []; for (;;) all.push(new Array(1e6).fill(1.5));", "E715"),
}


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_time_memory_and_output_are_bounded(
    monkeypatch: pytest.MonkeyPatch, bomb: str
) -> None:
    code, expected = BOMBS[bomb]
    if expected == "E711":
        monkeypatch.setattr(deno, "MAX_SECONDS", 1.5)
    diagnostics = Diagnostics()
    text = f"{code}\nexport default {{ export: () => '' }};"
    assert evaluate_schema(Texts({"s.ts": text}), "s.ts", diagnostics) is None
    assert [found.code for found in diagnostics] == [expected]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds this")
def test_memory_outside_of_the_heap_is_bounded() -> None:
    code = "const all = []; for (;;) all.push(new Uint8Array(1e8).fill(1));"
    assert attempt(code) == "refused: RangeError: Array buffer allocation failed"


def test_answers_can_not_be_forged() -> None:
    """Other lines of output are no answers, whatever they look like."""
    answer = json.dumps({"told": '{"tables": []}'})
    code = f"""
      for (const mark of ["", "0".repeat(32)])
        process.stdout.write("\\n" + mark + {json.dumps(answer)} + "\\n");
      return "nothing";
    """
    assert attempt(code) == "got nothing"


def test_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert attempt("return 'this'") == "got this"
    assert not [*tmp_path.iterdir()]
