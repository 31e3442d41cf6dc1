"""Forms of good calls: see `tests/writing/good_calls.py`."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories import gid

Input = dict[str, Any]
Call = Callable[[AsyncSession, Any], Awaitable[Input]]
Made = Callable[[AsyncSession, Any], Awaitable[Any]]


def new(**given: Any) -> Call:
    """A call that needs nothing to be there."""

    async def call(_: AsyncSession, __: Any) -> Input:
        return dict(given)

    return call


def on(made: Made, **given: Any) -> Call:
    """A call on a record that a factory makes, in its first version."""

    async def call(session: AsyncSession, school: Any) -> Input:
        return {"id": gid(await made(session, school)), "version": 1, **given}

    return call
