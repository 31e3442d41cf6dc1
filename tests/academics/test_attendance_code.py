"""The school's own attendance codes over the four fixed statuses."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceStatus
from tests.conftest import Execute, School
from tests.factories import create_attendance_code, gid, name_outside


async def test_a_code_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    code = await create_attendance_code(
        session, school, code="HALF", label="Half a day", status=AttendanceStatus.LATE, present_value=Decimal("0.5000")
    )
    await name_outside(session, code, value="c-1")
    document = "query($id: ID!) { attendanceCode(id: $id) { code label status presentValue externalIds { value } } }"
    assert (await execute(document, id=gid(code))).found["attendanceCode"] == {
        "code": "HALF",
        "label": "Half a day",
        "status": "LATE",
        "presentValue": "0.5",
        "externalIds": [{"value": "c-1"}],
    }


async def test_a_school_starts_with_the_four(execute: Execute) -> None:
    found = (await execute("{ attendanceCodes { nodes { code status presentValue } } }")).found["attendanceCodes"]
    values = {"ABSENT": "0", "EXCUSED": "0", "LATE": "1", "PRESENT": "1"}
    assert found["nodes"] == [{"code": code, "status": code, "presentValue": value} for code, value in values.items()]
