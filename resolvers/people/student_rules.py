"""Rules of students: names, how to reach them, age at admission, and what is one student's alone."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from models import Student
from models.people.student import INDIA, NATIONAL_FORMS
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.institution.school_settings import school_settings
from resolvers.people.guardian_changes import PHONE_WORDS
from resolvers.people.names import check_names
from resolvers.people.student_place import check_gone
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

YOUNGEST, OLDEST = "MIN_STUDENT_AGE", "MAX_STUDENT_AGE"
MOBILE_TAKEN = Rule(Conflict, "mobile", "is another student's already; a phone of the family is the guardian's")
EMAIL_TAKEN = Rule(Conflict, "email", "is another student's already; an e-mail of the family is the guardian's")
ACCOUNT_TAKEN = Rule(Conflict, "user", "the account is another student's already")
MOBILE_FORM = Rule(Invalid, "mobile", f"{PHONE_WORDS}; in India it has 10 digits and nothing else")
POSTAL_CODE_FORM = Rule(
    Invalid, "postalCode", "is not 2 to 20 capital letters, digits, spaces and '-'; in India it has 6 digits"
)
BORN_TOO_LATE = Rule(Invalid, "dateOfBirth", "is not before the registration")
_IN_COUNTRY = {"mobile": MOBILE_FORM, "postal_code": POSTAL_CODE_FORM}

keep(
    {
        "ix_student_institution_id_mobile": MOBILE_TAKEN,
        "ix_student_institution_id_email_folded": EMAIL_TAKEN,
        "ix_student_institution_id_user_id": ACCOUNT_TAKEN,
        "ck_student_mobile_format": MOBILE_FORM,
        "ck_student_postal_code_format": POSTAL_CODE_FORM,
        "ck_student_phone_format": Rule(Invalid, "phone", PHONE_WORDS),
        "ck_student_email_format": Rule(Invalid, "email", "is not an e-mail address"),
        "ck_student_country_format": Rule(Invalid, "country", "is not a country's code of two capital letters"),
        "ck_student_born_before_registration": BORN_TOO_LATE,
    }
)


def check_forms(row: Any, checks: Checks) -> None:
    """What has another form in India; `row` has the columns of a student, or is one."""
    for name, rule in _IN_COUNTRY.items():
        indian, other = NATIONAL_FORMS[name]
        value = getattr(row, name)
        if value is not None and not re.search(indian if row.country == INDIA else other, value):
            checks.errors.append(rule.error(value))


def age_on(day: datetime.date, born: datetime.date) -> int:
    """Completed years; whoever was born on 29 February completes one on 1 March where there is no such day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_birth(row: Any, today: datetime.date, checks: Checks) -> None:
    """A day of birth in the past; `row` has the columns of a student, or is one."""
    if row.date_of_birth >= today:
        checks.errors.append(Rule(Invalid, "dateOfBirth", "is not in the past").error(row.date_of_birth))
    elif row.date_of_birth >= row.registration_date:
        checks.errors.append(BORN_TOO_LATE.error(row.date_of_birth))


def check_age(row: Any, settings: Mapping[str, str], checks: Checks) -> None:
    """An age at admission that the school admits at, of somebody who was born before that."""
    youngest, oldest = int(settings[YOUNGEST]), int(settings[OLDEST])
    age = age_on(row.registration_date, row.date_of_birth)
    if not youngest <= age <= oldest:
        words = f"means an age of {age} at the registration on {row.registration_date}: the school admits from"
        rule = Rule(Invalid, "dateOfBirth", f"{words} {youngest} to {oldest} years")
        checks.errors.append(rule.error(row.date_of_birth))


async def _check_birth(change: Change, row: Student, checks: Checks) -> None:
    birth = Checks()
    check_birth(row, change.today, birth)
    if not birth.errors and changes(row, "date_of_birth", "registration_date"):
        check_age(row, await school_settings(change, YOUNGEST, OLDEST), birth)
    checks.errors += birth.errors


async def _check_own(change: Change, row: Student, checks: Checks) -> None:
    """That nobody else in use has the student's mobile, e-mail or account."""
    if not changes(row, "mobile", "email", "user_id", "deleted_at"):
        return
    for column, value, rule in (
        (Student.mobile, row.mobile, MOBILE_TAKEN),
        (Student.email_folded, row.email and func.lower(row.email), EMAIL_TAKEN),
        (Student.user_id, row.user_id, ACCOUNT_TAKEN),
    ):
        if value is None:
            continue
        others = select(Student.id).where(
            Student.institution_id == change.institution_id,
            Student.deleted_at.is_(None),
            Student.id != row.id,
            column == value,
        )
        if await change.session.scalar(others) is not None:
            checks.errors.append(rule.error(None if rule is ACCOUNT_TAKEN else getattr(row, rule.field)))


async def _rules(change: Change, row: Student, checks: Checks) -> None:
    check_forms(row, checks)
    await check_names(change, row, checks, "first_name", "last_name")
    await _check_birth(change, row, checks)
    await _check_own(change, row, checks)


async def _leaving(change: Change, row: Student, checks: Checks) -> None:
    with checks:
        await check_gone(change, row)


STUDENTS = Records(Student, rules=_rules, leaving=_leaving)
