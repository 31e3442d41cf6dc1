"""Rules of subjects and assessment categories: names are theirs alone, weights are not negative."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_assessment_category, create_subject
from tests.mutating import refused

BAD: list[tuple[str, dict[str, Any], tuple[str, list[str]]]] = [
    ("createSubject", {"name": "Taken"}, ("CONFLICT", ["name"])),
    ("createSubject", {"name": " Taken "}, ("CONFLICT", ["name"])),
    ("createSubject", {"name": "x" * 101}, ("BAD_USER_INPUT", ["name"])),
    ("createSubject", {"name": "Biology", "code": ""}, ("BAD_USER_INPUT", ["code"])),
    ("createAssessmentCategory", {"name": "Taken"}, ("CONFLICT", ["name"])),
    ("createAssessmentCategory", {"name": "Project", "weight": "-1"}, ("BAD_USER_INPUT", ["weight"])),
    ("createAssessmentCategory", {"name": "Project", "weight": "100000"}, ("BAD_USER_INPUT", ["weight"])),
]


@pytest.mark.parametrize(("name", "given", "error"), BAD)
async def test_a_record_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    name: str,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    await create_subject(session, school, name="Taken")
    await create_assessment_category(session, school, name="Taken")
    async with audited(connections, school, nothing=True):
        assert await refused(execute, name, **given) == [error]
