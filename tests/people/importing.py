"""Lists of students, how they are sent, and who is there then."""

import csv
import io
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Student
from tests.conftest import Execute
from tests.mutating import mutate
from tests.uploads import upload_of

Row = dict[str, str]
SHOWN = """created refused operation results {
    line outcome student { id studentNumber } errors { code field message } warnings { code field message }
    possibleDuplicates { student { id } line reasons retired }
}"""
ANJU: Row = {"firstName": "Anju", "lastName": "Menon", "gender": "FEMALE", "dateOfBirth": "2014-02-28"}
RAVI: Row = {"firstName": "Ravi", "lastName": "Rao", "gender": "male", "dateOfBirth": "2013-05-17"}
WHOLE: Row = {
    **ANJU,
    "preferredName": "Anjali",
    "status": "INACTIVE",
    "registrationDate": "2024-07-15",
    "mobile": "9876511111",
    "email": "anju@example.org",
    "street": "Mill Road, 12",
    "postalCode": "643001",
    "caste": "Menon",
    "vaccinated": "yes",
    "needsClothes": "1",
    "nationalId": "2345 2345 2345",
    "health": "Asthma",
    "identifyingMarks": "A scar\non the chin",
    "externalId": "M-77",
}


def table(*rows: Row, delimiter: str = ",") -> str:
    """The rows as a file, with a column for whatever one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


async def importing(execute: Execute, *rows: Row, **more: Any) -> dict[str, Any]:
    return await mutate(execute, "importStudents", SHOWN, file=upload_of(table(*rows)), **more)


async def stored(session: AsyncSession) -> list[Student]:
    found = await session.scalars(select(Student).order_by(Student.id).execution_options(populate_existing=True))
    return list(found)


def numbered(count: int) -> list[Row]:
    return [
        ANJU
        | {"firstName": f"Anju {n}", "mobile": f"98765{n:05}", "email": f"a{n}@example.org", "externalId": f"M-{n}"}
        for n in range(count)
    ]
