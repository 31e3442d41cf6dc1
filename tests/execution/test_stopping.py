"""An operation that is stopped, wherever it stands, leaves neither a transaction nor a connection behind."""

import asyncio
import gc

import pytest
from graphql import parse

from models import Role
from resolvers.connection import ConnectionLost
from resolvers.context import Context
from tests.answers import ENGINE, NOW
from tests.execution.compare import answer
from tests.execution.held import Admin, locked, nothing_is_left, operation, someone_waits, waiting
from tests.worlds import Worlds

LOCKED = '{{ student(id: "{Student1}") {{ fullName grades {{ score subject {{ name }} }} }} }}'
DEEP = """{{ subjects {{ totalCount nodes {{ id }} }} student(id: "{Student1}") {{
    fullName grades {{ score subject {{ name }} }} enrollments {{ status course {{ name teachers {{ user {{ fullName }}
}} }} }} }} }}"""
# Each is read by a statement of DEEP.
TABLES = ["student", "grade", "subject", "enrollment", "course", "course_teacher", "app_user"]
# One statement, and so without a transaction.
SINGLE = """{{ student(id: "{Student1}") {{
    fullName grades {{ score subject {{ name }} }} enrollments {{ status course {{ name leadTeacher {{ fullName }}
}} }} }} }}"""
MOMENTS = 40

EACH = pytest.mark.parametrize(
    ("document", "planning"),
    [(DEEP, True), (SINGLE, True), (DEEP, False)],
    ids=["planned", "one statement", "standard"],
)
WAYS = pytest.mark.parametrize("planning", [True, False], ids=["planned", "standard"])


@WAYS
async def test_a_statement_that_takes_too_long_ends_the_operation(broken: Worlds, admin: Admin, planning: bool) -> None:
    (prepared,) = ENGINE.operations(parse(operation(broken, LOCKED).text)).values()
    # Where the machine is busy, the least is too little even for what waits for nobody.
    for seconds in (0.2, 1, 4, 16):
        context = Context(broken.database, broken.viewer(Role.ADMIN), now=NOW, timeout=seconds, planning=planning)
        async with locked(admin, "subject"):
            task = asyncio.create_task(ENGINE.execute(prepared, {}, context))
            waited = False
            while not task.done():
                waited = await someone_waits(admin) or waited
            with pytest.raises(TimeoutError):
                await task
            await context.close()
            await nothing_is_left(broken, admin)
        if waited:
            break
    assert (waited, context.statements) == (True, 3)


@WAYS
async def test_a_connection_that_is_cut_ends_the_operation(broken: Worlds, admin: Admin, planning: bool) -> None:
    async with locked(admin, "subject"):
        task = asyncio.create_task(answer(broken, operation(broken, LOCKED), planning=planning))
        await admin.execute("SELECT pg_terminate_backend($1)", await waiting(admin))
        with pytest.raises(ConnectionLost):
            await task
    await nothing_is_left(broken, admin)


@EACH
@pytest.mark.parametrize("table", TABLES)
async def test_an_operation_cancelled_in_any_statement(
    broken: Worlds, admin: Admin, table: str, document: str, planning: bool
) -> None:
    async with locked(admin, table):
        task = asyncio.create_task(answer(broken, operation(broken, document), planning=planning))
        await waiting(admin)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await nothing_is_left(broken, admin)


async def turns(task: asyncio.Task[object], most: int = 1_000_000) -> int:
    """How many times the loop went round until the task was done, at most `most` times."""
    for turn in range(most):
        if task.done():
            return turn
        await asyncio.sleep(0)
    return most


# A task of graphql-core that is cancelled before it has begun leaves behind what it was to wait for.
@pytest.mark.filterwarnings("ignore:coroutine '.*' was never awaited:RuntimeWarning")
@EACH
async def test_an_operation_cancelled_at_any_moment(
    broken: Worlds, admin: Admin, document: str, planning: bool
) -> None:
    """Between statements too, while connections come and go; how many moments there are is the machine's."""
    asked = operation(broken, document)
    whole, _ = await answer(broken, asked, planning=planning)
    last = await turns(asyncio.create_task(answer(broken, asked, planning=planning)))
    cancelled = 0
    for moment in range(MOMENTS):
        task = asyncio.create_task(answer(broken, asked, planning=planning))
        await turns(task, moment * last // MOMENTS)
        task.cancel()
        await asyncio.wait([task])
        cancelled += task.cancelled()
        assert task.cancelled() or task.result()[0] == whole
        await nothing_is_left(broken, admin)
    assert cancelled
    assert (await answer(broken, asked, planning=planning))[0] == whole
    gc.collect()
