"""Where the command starts: what takes milliseconds comes before anything else is loaded."""

import gc
import sys

CLEAN = "The generated package is what the schema says."


def main() -> int:
    """Runs the command line; returns its exit code."""
    argv = sys.argv[1:]
    if argv[:1] == ["check"]:
        from codegen.output.fastcheck import clean

        if clean(argv):
            sys.stdout.write(f"{CLEAN}\n")
            return 0
    # Nothing made here is garbage before the end, and looking for it costs half the time.
    gc.disable()
    from codegen.cli.main import run

    code = run(argv)
    # At its end Python looks for garbage in all that was made: a tenth of a long run.
    gc.freeze()
    return code
