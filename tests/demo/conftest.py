"""A committed database with one demo school, shared by the tests that only read it."""

import contextlib
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.demo.plan import Plan
from app.demo.progress import Silent
from app.demo.run import Made, make_demo
from app.urls import Urls, asyncpg_url
from tests.database import copy, drop
from tests.sealing import SEALER

TODAY = datetime.date(2026, 11, 21)
PLAN = Plan(TODAY, students=300, grades=40, attendance=60, seed=7)

Fetch = Callable[..., Awaitable[Any]]


@dataclass
class Demo:
    urls: Urls
    made: Made
    folder: Path


@contextlib.asynccontextmanager
async def owner(urls: Urls) -> "AsyncIterator[asyncpg.Connection[Any]]":
    assert urls.owner
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def demo(server: Urls, template: Urls, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    urls = await copy(server, "suite_demo")
    folder = tmp_path_factory.mktemp("demo")
    [made] = await make_demo(urls, [PLAN], folder, Silent(), SEALER)
    yield Demo(urls, made, folder)
    await drop(server, "suite_demo")


@pytest.fixture
async def fetch(demo: Demo) -> AsyncIterator[Fetch]:
    """The one value of a query on the demo school's database."""
    async with owner(demo.urls) as connection:
        yield connection.fetchval
