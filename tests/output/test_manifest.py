from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.output.fileset import FileSet
from codegen.output.manifest import (
    Input,
    Manifest,
    Stamp,
    owned_files,
    parse_manifest,
)

FILES = FileSet([("b.py", b"B\n"), ("tables/a.py", b"A\n"), ("py.typed", b"")])
INPUTS: dict[str, Input] = {
    "schema/app.yaml": Stamp.of(b"tables: {}\n"),
    'schema/"quoted" é\\.yaml': Stamp.of(b""),
    "schema/README": "listed",
    "schema.yaml": "absent",
}


def manifest() -> Manifest:
    owned = owned_files(FILES, dict.fromkeys(FILES, "feed"))
    return Manifest(owned, INPUTS, ("schema",), "c0ffee", "9e4e", "1.2.3")


def test_it_reads_what_it_wrote() -> None:
    assert parse_manifest(manifest().to_bytes()) == manifest()
    assert parse_manifest(Manifest().to_bytes()) == Manifest()


def test_it_is_json_with_one_sorted_line_per_file_and_the_seal_last() -> None:
    text = manifest().to_bytes().decode()
    keys = "format generator configuration folders inputs files seal"
    assert list(json.loads(text)) == keys.split()
    owned = [line for line in text.splitlines() if "feed" in line]
    assert [line.split('"')[1] for line in owned] == ["b.py", "py.typed", "tables/a.py"]
    assert text.endswith('"\n}\n')


def test_the_order_of_files_does_not_show() -> None:
    backwards = owned_files(
        FileSet(reversed(list(FILES.items()))), dict.fromkeys(FILES, "feed")
    )
    inputs = dict(reversed(INPUTS.items()))
    other = Manifest(backwards, inputs, ("schema",), "c0ffee", "9e4e", "1.2.3")
    assert other.to_bytes() == manifest().to_bytes()


def test_blob_ids_are_those_of_git(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"one\ntwo\n")
    command = ["git", "hash-object", "--no-filters", str(tmp_path / "f")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert Stamp.of(b"one\ntwo\n").blob == answer.stdout.strip()


def test_a_checkout_with_crlf_keeps_the_seal() -> None:
    crlf = manifest().to_bytes().replace(b"\n", b"\r\n")
    assert parse_manifest(crlf) == manifest()
    assert manifest().wrote("b.py", b"B\r\n")


def test_every_changed_byte_breaks_the_seal_and_costs_two_lines_at_most() -> None:
    data = manifest().to_bytes()
    for place in range(len(data)):
        damaged = parse_manifest(data[:place] + b"#" + data[place + 1 :])
        assert not damaged.sealed
        assert len(damaged.files) >= len(FILES) - 2


def test_in_a_conflict_both_sides_are_ours() -> None:
    ours = manifest().to_bytes().decode().splitlines(keepends=True)
    theirs = [line.replace("feed", "beef") for line in ours]
    other = Stamp.of(b"other\n")
    place = next(i for i, line in enumerate(ours) if '"b.py"' in line)
    theirs[place] = f'    "b.py": ["{other.sha256}", "{other.blob}", "beef"],\n'
    theirs.insert(place, theirs[place].replace("b.py", "new.py"))
    text = ["<<<<<<< HEAD\n", *ours, "=======\n", *theirs, ">>>>>>> branch\n"]
    read = parse_manifest("".join(text).encode())
    assert not read.sealed and read.present
    assert set(read.files) == {*FILES, "new.py"}
    assert read.wrote("b.py", b"B\n") and read.wrote("b.py", b"other\n")
    assert not read.wrote("b.py", b"third\n")


def test_a_damaged_line_cannot_lead_out_of_the_folder() -> None:
    text = b'{\n "../../etc/passwd": ["a", "b", "c"],\n "/x": ["a", "b", "c"],\n'
    assert parse_manifest(text).files == {}


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff\xfe", b"[1, 2]", b'{"files": []}', b'  "seal": "']
)
def test_anything_at_all_can_be_read(data: bytes) -> None:
    assert parse_manifest(data) == Manifest(sealed=False)


def test_a_seal_on_nonsense_is_no_seal() -> None:
    from hashlib import sha256

    head = b'{\n  "format": 1,\n  "files": 3,\n'
    seal = sha256(head + b"}\n").hexdigest().encode()
    assert not parse_manifest(head + b'  "seal": "' + seal + b'"\n}\n').sealed


def test_no_manifest_owns_nothing() -> None:
    none = parse_manifest(None)
    assert not none.present and not none.sealed and not none.files


@given(st.binary(max_size=60), st.integers(0, 900), st.integers(0, 60))
def test_random_damage_is_read_without_a_fault(data: bytes, at: int, cut: int) -> None:
    whole = manifest().to_bytes()
    damaged = whole[:at] + data + whole[at + cut :]
    read = parse_manifest(damaged)
    # Line ends alone do not break the seal.
    assert read.sealed == (damaged.replace(b"\r\n", b"\n") == whole)
