"""Rules of scholarships: an amount has a currency, which is the school's where none is said."""

from models import Scholarship
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Invalid
from resolvers.institution.school_settings import school_settings
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

CURRENCY = "CURRENCY_CODE"
ENDS_TOO_EARLY = Rule(Invalid, "endDate", "is before the first day")
NEGATIVE = Rule(Invalid, "amount", "is less than 0")
NO_CURRENCY = Rule(Invalid, "currency", "must be given with an amount")
NO_AMOUNT = Rule(Invalid, "amount", "must be given with a currency")

keep(
    {
        "ck_scholarship_ends_after_start": ENDS_TOO_EARLY,
        "ck_scholarship_amount_positive": NEGATIVE,
        "ck_scholarship_amount_with_currency": NO_CURRENCY,
        "ck_scholarship_currency_format": Rule(
            Invalid, "currency", "is not a currency's code of three capital letters"
        ),
    }
)


async def _rules(change: Change, row: Scholarship, checks: Checks) -> None:
    if row.id is None and row.amount is not None and row.currency is None:
        row.currency = (await school_settings(change, CURRENCY))[CURRENCY]
    if row.end_date is not None and row.end_date < row.start_date:
        checks.errors.append(ENDS_TOO_EARLY.error(row.end_date))
    if row.amount is not None and row.amount < 0:
        checks.errors.append(NEGATIVE.error(row.amount))
    if row.amount is not None and row.currency is None:
        checks.errors.append(NO_CURRENCY.error())
    if row.amount is None and row.currency is not None:
        checks.errors.append(NO_AMOUNT.error())


SCHOLARSHIPS = Records(Scholarship, rules=_rules)
