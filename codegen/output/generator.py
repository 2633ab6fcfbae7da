"""Which generator this is: a digest of everything that decides what it writes."""

import os
from hashlib import sha256

from codegen.output.disk import lf, read, walk

_PARTS = ("language", "ir", "python", "output", "project", "interop")
_FILES = ("diagnostics.py", "codes.py")


def generator_digest(package: str = "") -> str:
    """SHA-256 of the source and templates of the generator, whatever their line ends.

    `package` is the folder of the `codegen` package; this one's own by default.

    Raises:
        OSError: the source cannot be read, as in an archive.
    """
    package = package or os.path.dirname(os.path.dirname(__file__))
    paths = list(_FILES)
    for part in _PARTS:
        paths += [f"{part}/{path}" for path in walk(f"{package}/{part}")]
    digest = sha256()
    for path in sorted(paths):
        if path.endswith((".py", ".jinja")):
            data = lf(read(f"{package}/{path}"))
            digest.update(f"{path}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()
