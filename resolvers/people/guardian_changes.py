"""Rules of guardians: a name, and means to reach them that look like such."""

from models import Guardian
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.people.names import check_names
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

MOST_CHILDREN = 50
PHONE_WORDS = "is not 5 to 20 digits, spaces, '+', '-' and brackets"
UNNAMED = Rule(Invalid, "lastName", "a first and a last name must be given, or a single name")
NEGATIVE_INCOME = Rule(Invalid, "income", "is less than 0")
CHILDREN = Rule(Invalid, "numberOfChildren", f"is not between 0 and {MOST_CHILDREN}")

keep(
    {
        "ck_guardian_named": UNNAMED,
        "ck_guardian_income_positive": NEGATIVE_INCOME,
        "ck_guardian_number_of_children_range": CHILDREN,
        "ck_guardian_email_format": Rule(Invalid, "email", "is not an e-mail address"),
        "ck_guardian_mobile_format": Rule(Invalid, "mobile", PHONE_WORDS),
        "ck_guardian_phone_format": Rule(Invalid, "phone", PHONE_WORDS),
        "ck_guardian_country_format": Rule(Invalid, "country", "is not a country's code of two capital letters"),
        "ix_guardian_institution_id_user_id": Rule(Conflict, "user", "the account is another guardian's already"),
    }
)


async def _rules(change: Change, row: Guardian, checks: Checks) -> None:
    if row.single_name is None and (row.first_name is None or row.last_name is None):
        checks.errors.append(UNNAMED.error())
    if row.income is not None and row.income < 0:
        checks.errors.append(NEGATIVE_INCOME.error(row.income))
    if row.number_of_children is not None and not 0 <= row.number_of_children <= MOST_CHILDREN:
        checks.errors.append(CHILDREN.error(row.number_of_children))
    await check_names(change, row, checks, "first_name", "last_name", "single_name")


GUARDIANS = Records(Guardian, rules=_rules)
