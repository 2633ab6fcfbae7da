"""What of the tests of all databases is for Convex deployments, too, and what those do not do.

The deployment is a mock, npm's `convex-test` behind HTTP; see tests/deployments.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

import pytest

MODULES: Final = {
    *("test_bounds", "test_crud", "test_errors", "test_filters_that_use_the_database"),
    *("test_foreign_values", "test_ids", "test_insert_many", "test_limits"),
    *("test_pages", "test_queries", "test_streams", "test_transactions"),
    *("test_unchecked_models", "test_unique"),
}
"""Modules whose tests run on a deployment, all but those below."""

READ_BY_SYSTEM: Final = {
    *("test_bounds", "test_crud", "test_filters_that_use_the_database", "test_ids"),
    *("test_pages", "test_queries", "test_streams"),
}
"""Modules whose tests also read from a deployment by its own functions alone."""

_TRANSACTIONS: Final = "has no transactions that a program keeps open"
_FILTERED_PAGE: Final = "a deployment's page can't be filtered in Python"
_ROWS: Final = "a limit of rows that a page reads needs functions"

REFUSED: Final = {
    "test_transactions::*": _TRANSACTIONS,
    "test_errors::test_transactions_after_the_end": _TRANSACTIONS,
    "test_filters_that_use_the_database::*_in_a_transaction": _TRANSACTIONS,
    "test_foreign_values::test_*_not_explained": _TRANSACTIONS,
    "test_foreign_values::test_a_database_works_after_all_that": _TRANSACTIONS,
    "test_queries::test_a_filter_that_fails-True": _TRANSACTIONS,
    "test_queries::test_a_filtered_page_of_more*": _FILTERED_PAGE,
    "test_streams::test_inside_a_transaction": _TRANSACTIONS,
    "test_streams::test_a_transaction_for_each_document": _TRANSACTIONS,
    "test_streams::test_one_that_is_left_holds_nothing_up": _TRANSACTIONS,
    "test_unique::test_values_change_places_in_a_transaction": _TRANSACTIONS,
    "test_unique::test_a_refused_one_leaves_a_transaction_going": _TRANSACTIONS,
    "test_pages::test_filtered*": _FILTERED_PAGE,
    "test_pages::test_a_filter_may_change": _FILTERED_PAGE,
    "test_pages::test_a_filter_that_fails": _FILTERED_PAGE,
    "test_pages::test_a_filtered_page_again": _FILTERED_PAGE,
    "test_pages::test_no_more_is_read_than_allowed": _FILTERED_PAGE,
    "test_pages::test_very_many_may_be_read": _FILTERED_PAGE,
}
"""Tests of what a deployment can't do, and what its `Unsupported` says, which they have to meet."""

REFUSED_BY_SYSTEM: Final = {
    "test_pages::test_just_all_is_read": _ROWS,
    "test_pages::test_no_more_is_read_than_allowed": _ROWS,
    "test_pages::test_very_many_may_be_read": _ROWS,
    "test_queries::test_a_filtered_page_of_more*": _ROWS,
}
"""What is refused besides where only a deployment's own functions read."""

OTHERWISE: Final = {
    "test_foreign_values::test_functions_are_those_of_deployments": (
        "a deployment runs functions, or says that it has none of this name"
    ),
    "test_bounds::test_a_whole_number_is_what_the_field_can_hold": (
        "`convex-test` takes no int64 for a literal"
    ),
}
"""Tests that do not hold there, and why: they are expected to fail, and to say so if they do not."""


def refusal_of(test: pytest.Function) -> str | None:
    """What is refused to a test that runs on a deployment, if anything is."""
    if "[system" in test.name and (found := _found(test, REFUSED_BY_SYSTEM)):
        return found
    return _found(test, REFUSED)


def reason_of_failure(test: pytest.Function) -> str | None:
    """Why a test does not hold on a deployment, if it does not."""
    return _found(test, OTHERWISE)


def _found(test: pytest.Function, table: dict[str, str]) -> str | None:
    name, _, place = test.name.partition("[")
    place, *others = place.removesuffix("]").split("-", 1)
    if place not in ("deployment", "async deployment", "system"):
        return None
    module = test.module.__name__.rpartition(".")[2]
    name = "-".join([f"{module}::{name}", *others])
    found = [said for pattern, said in table.items() if fnmatchcase(name, pattern)]
    return found[0] if found else None
