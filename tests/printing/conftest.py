"""Reports as a viewer has them printed, without the command line and without HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.file_folder import FileFolder
from app.printing.parts import Document
from app.printing.report import compose, logo_for, write
from app.printing.wanted import Format, Kind, Wanted
from resolvers.context import Context
from resolvers.services import Services
from tests.answers import NOW
from tests.conftest import School
from tests.database import OneConnection
from tests.printing.big_class import BigClass, big_class
from tests.sealing import SEALER


@dataclass
class Made:
    """A document, what it cost, and who was read for which purpose."""

    document: Document
    statements: int
    students: frozenset[int]
    purpose: str | None
    logo: bytes | None

    def written(self, format_: Format) -> bytes:
        return write(self.document, format_, lambda _: None, logo=self.logo).content


Print = Callable[..., Awaitable[Made]]


@pytest.fixture
def prints(connections: OneConnection, school: School) -> Print:
    """Compose a report as the first school's ADMIN, or as `viewer`; `files` is the folder of its files."""

    async def compose_it(kind: Kind, *, viewer: Any = school.admin, files: Path | None = None, **wanted: Any) -> Made:
        services = Services(sealer=SEALER, files=FileFolder(files) if files else None)
        context = Context(connections, viewer, now=NOW, timeout=60, services=services)
        try:
            document = await compose(context, Wanted(kind, **wanted))
        finally:
            await context.close()
        logo = await logo_for(document, Format.PDF, context)
        read = context.access.students if context.access else frozenset()
        return Made(document, context.statements, read, context.purpose, logo)

    return compose_it


@pytest.fixture
async def tenth(session: AsyncSession, school: School) -> BigClass:
    return await big_class(session, school)
