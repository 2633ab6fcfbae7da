"""Documents that went through every form and kind of database are what they were."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.testing import Factory
from tests.transfer.contents import check_sound, contents, done, is_timed

SCHEMA = """
types:
  Anything: Any
tables:
  people:
    fields:
      name: str
      age?: int
      score?: float
      photo?: bytes
      more?: Any
    indexes:
      by_name: [name]
      by_age: [age, score]
      by_more: [more]
  posts:
    fields:
      author: Id[people]
      answers?: "Id[posts] | None"
      tags: dict[str, float]
    indexes:
      by_author: [author]
"""


@given(seed=st.integers(0, 10_000), count=st.integers(0, 30))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_around_the_world(
    models: ModuleType, new_schema: Callable[[], str], seed: int, count: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, second = f"sqlite:///{home}/first.db", f"sqlite:///{home}/second.db"
        on_server = new_schema()
        with models.server.connect(first, synchronous="normal") as db:
            make = Factory(models, seed=seed)
            for _ in range(count):
                author = make.insert(db, models.PersonNew)
                db.insert(make(models.PostNew, author=author))
        before = contents(first)
        done(["export-data", "--db", first, "data.zip"], home)
        done(["import-data", "--db", on_server, "data.zip"], home)
        assert contents(on_server) == before
        done(["export-data", "--db", on_server, "data"], home)
        done(["import-data", "--db", second, "data"], home)
        assert contents(second) == before
        for url in (on_server, second):
            check_sound(url)
        assert is_timed(second, "people")
        # Programs go on, with documents after those that were copied.
        with models.server.connect(second) as db:
            new = db.insert(Factory(models, seed=seed)(models.PersonNew))
            assert contents(second)["people"]["by_creation_time"][-1].count(new) == 1


def test_copies_of_a_server(
    models: ModuleType, new_schema: Callable[[], str], tmp_path: Path
) -> None:
    """Documents of a server may have one creation time, and ids that do not begin with it."""
    here, there = new_schema(), new_schema()
    with models.server.connect(here) as db:
        make = Factory(models, seed=1)
        for _ in range(30):
            db.insert(make(models.PersonNew))
    file = f"sqlite:///{tmp_path}/copy.db"
    done(["copy", here, file], tmp_path)
    assert contents(file) == contents(here)
    done(["copy", file, there], tmp_path)
    assert contents(there) == contents(here)
    for url in (file, there):
        check_sound(url)
