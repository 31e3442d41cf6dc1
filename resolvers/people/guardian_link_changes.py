"""Rules of the links of students and guardians: one a pair."""

from sqlalchemy import Select, select

from models import StudentGuardian
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

LAST_PLACE = 99
PLACE = Rule(Invalid, "contactPriority", f"is not between 1 and {LAST_PLACE}")
LINKED = Rule(Conflict, "guardian", "is linked to the student already")

keep(
    {
        "ck_student_guardian_contact_priority_range": PLACE,
        "uq_student_guardian_institution_id_student_id_guardian_id": LINKED,
    }
)


async def _rules(change: Change, row: StudentGuardian, checks: Checks) -> None:
    if row.contact_priority is not None and not 1 <= row.contact_priority <= LAST_PLACE:
        checks.errors.append(PLACE.error(row.contact_priority))
    if row.id is None and await change.session.scalar(_same(row)) is not None:
        checks.errors.append(LINKED.error())


def _same(row: StudentGuardian) -> Select[int]:
    return select(StudentGuardian.id).where(
        StudentGuardian.institution_id == row.institution_id,
        StudentGuardian.student_id == row.student_id,
        StudentGuardian.guardian_id == row.guardian_id,
    )


GUARDIAN_LINKS = Records(StudentGuardian, rules=_rules)
