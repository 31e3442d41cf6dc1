"""Rules of what is known about students' families: one record a student."""

from models import FamilyInfo
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

NEGATIVE_HELP = Rule(Invalid, "helpAmount", "is less than 0")

keep(
    {
        "ck_family_info_help_amount_positive": NEGATIVE_HELP,
        "uq_family_info_institution_id_student_id": Rule(
            Conflict, "student", "has a record of the family already: update that one"
        ),
    }
)


async def _rules(_: Change, row: FamilyInfo, checks: Checks) -> None:
    if row.help_amount is not None and row.help_amount < 0:
        checks.errors.append(NEGATIVE_HELP.error(row.help_amount))


FAMILIES = Records(FamilyInfo, rules=_rules)
