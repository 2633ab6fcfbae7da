"""What a test writes with a factory, with the types that checkers see."""

from typing import assert_type

import generated
from codegen.runtime import AsyncDb, Db
from codegen.testing import CannotMake, Factory
from generated.ids import WorkflowId
from generated.tables.workflows import Workflow, WorkflowNew, WorkflowPatch, workflows


def makes(db: Db) -> None:
    make = Factory(generated, seed="x")
    assert_type(make(WorkflowNew), WorkflowNew)
    assert_type(make(Workflow, task="x"), Workflow)
    assert_type(make.batch(WorkflowNew, 3), list[WorkflowNew])
    assert_type(make.insert(db, WorkflowNew), WorkflowId)
    inserted = make.insert(db, WorkflowNew, task="x")
    assert_type(db.get(inserted), Workflow | None)
    assert issubclass(CannotMake, ValueError)


async def makes_for_tasks(db: AsyncDb, make: Factory) -> None:
    assert_type(await make.async_insert(db, WorkflowNew, task="x"), WorkflowId)


async def refused_for_tasks(db: AsyncDb, make: Factory) -> None:
    make.insert(db, WorkflowNew)  # E:
    await make.async_insert(db, Workflow)  # E:


def refused(db: Db, make: Factory) -> None:
    print(make(WorkflowNew).tsk)  # E:
    make(int)  # E:
    make(workflows)  # E:
    make.insert(db, Workflow)  # E:
    make.insert(db, WorkflowPatch)  # E:
    make.async_insert(db, WorkflowNew)  # E:
    Factory("generated")  # E:
