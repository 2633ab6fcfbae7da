"""Texts made by two processes. Each test has a process of its own: pytest's has threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import os
from functools import partial
from codegen.project.halves import results

parent = os.getpid()

def job(number):
    {body}
    return b"%d" % number

jobs = [partial(job, number) for number in range({count})]
print(results(jobs) == [b"%d" % number for number in range({count})])
"""


def run(body: str, count: int = 1_000) -> subprocess.CompletedProcess[str]:
    program = _PROGRAM.format(body=body, count=count)
    argv = [sys.executable, "-c", program]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("count", [0, 1, 199, 200, 1_001])
def test_results_come_in_order(count: int) -> None:
    assert run("pass", count).stdout == "True\n"


@pytest.mark.parametrize(
    "body",
    [
        "assert os.getpid() == parent",
        "if os.getpid() != parent: os.kill(os.getpid(), 9)",
    ],
)
def test_a_child_that_fails_or_dies_costs_time_only(body: str) -> None:
    assert run(body).stdout == "True\n"


@pytest.mark.parametrize("number", [3, 997])
def test_a_fault_in_either_half_is_raised(number: int) -> None:
    done = run(f"assert number != {number}, 'seen'")
    assert done.returncode == 1
    assert done.stderr.count("AssertionError: seen") == 1
