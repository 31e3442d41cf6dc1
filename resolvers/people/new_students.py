"""Making a student with all that comes along: guardians, the family, belonging to the school, courses.

All of it is checked before anything is written, and all that is wrong is told at once.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import SchoolProfile, Student
from resolvers.academics.enrollment_changes import ENROLLMENTS, check_status
from resolvers.checking import tidied
from resolvers.context import Context
from resolvers.errors import Invalid, within
from resolvers.people.external_id_changes import EXTERNAL_IDS
from resolvers.people.family_info_changes import FAMILIES
from resolvers.people.guardian_changes import GUARDIANS
from resolvers.people.guardian_link_changes import GUARDIAN_LINKS, LINKED
from resolvers.people.new_parts import Parts, Values
from resolvers.people.required_details import check_details
from resolvers.people.school_enrollment_rules import SCHOOL_ENROLLMENTS, span_values
from resolvers.people.student_changes import parted, sealed_values
from resolvers.people.student_duplicates import (
    PossibleDuplicate,
    Refused,
    duplicates_refused,
    possible_duplicates,
)
from resolvers.people.student_numbers import next_number
from resolvers.people.student_rules import STUDENTS
from resolvers.people.student_secrets import new_keys
from resolvers.unit_of_work import Change
from resolvers.unsealing import sealer_of


@dataclass(frozen=True)
class Made:
    """`student` is the key of the new one, `possible_duplicates` those who may be the same all the same."""

    student: int
    possible_duplicates: Sequence[PossibleDuplicate]


async def create_student(
    context: Context,
    *,
    guardians: Sequence[Values] = (),
    family_info: Values | None = None,
    school_enrollment: Values | None = None,
    enrollments: Sequence[Values] = (),
    external_ids: Sequence[Values] = (),
    allow_duplicates: bool = False,
    **values: Any,
) -> Made:
    """Add a student. Raises `Refused`, with the students who may be the same: always, unless duplicates are allowed."""
    async with context.change("student.create") as change:
        values = await _with_defaults(change, tidied(values))
        (key,) = await new_keys(change.session, 1)
        parts = Parts(change)
        await _make_student(context, parts, key, values)
        await check_details(change, values | {"guardians": guardians}, parts.checks)
        for place, each in enumerate(guardians):
            await _make_guardian(parts, key, each, place, guardians[:place])
        if family_info is not None:
            await parts.make(FAMILIES, family_info, "familyInfo", student_id=key)
        if school_enrollment is not None:
            await _make_span(parts, key, school_enrollment, values["registration_date"])
        for place, each in enumerate(enrollments):
            await _make_enrollment(parts, key, each, place, enrollments[:place])
        for place, each in enumerate(external_ids):
            await _make_name(parts, key, each, place, external_ids[:place])
        found = await possible_duplicates(change, sealer_of(context), values)
        if found and not allow_duplicates:
            parts.checks.errors.append(duplicates_refused(len(found)))
        if parts.checks.errors:
            raise Refused(parts.checks.errors, found)
        await parts.write()
        change.details["id"] = key
    return Made(key, found)


async def _with_defaults(change: Change, values: Values) -> dict[str, Any]:
    """Registered today, and living in the school's country, where nothing else is said."""
    found = {name: value for name, value in values.items() if value is not None}
    found.setdefault("registration_date", change.today)
    if "country" not in found:
        found["country"] = await country_of(change)
    return found


async def country_of(change: Change) -> str | None:
    """The school's country."""
    country = select(SchoolProfile.country).where(SchoolProfile.institution_id == change.institution_id)
    return await change.session.scalar(country)


async def _make_student(context: Context, parts: Parts, key: int, values: Values) -> None:
    # Whoever makes another student of the year waits here, and then sees this one as a possible duplicate.
    number = await next_number(parts.change, values["registration_date"].year)
    plain, secret = parted(values)
    sealed: dict[str, Any] = {}
    with parts.checks:
        sealed = await sealed_values(context, parts.change, key, secret)
    await parts.make(STUDENTS, plain, id=key, student_number=number, **sealed)


def _check_guardian(values: Values, before: Sequence[Values]) -> None:
    """That it says who the guardian is, once."""
    known = values.get("guardian")
    if (known is None) is (values.get("new_guardian") is None):
        raise Invalid("guardian: either guardian or newGuardian must be given, and not both", field="guardian")
    if known is not None and any(each.get("guardian") == known for each in before):
        raise LINKED.error()


async def _make_guardian(parts: Parts, student: int, values: Values, place: int, before: Sequence[Values]) -> None:
    """The link to a guardian, and the guardian where it is a new one."""
    path, new = f"guardians.{place}", values.get("new_guardian")
    link = {name: value for name, value in values.items() if name != "new_guardian" and value is not None}
    with parts.checks, within(path):
        _check_guardian(values, before)
        guardian = None if new is None else await parts.make(GUARDIANS, new, f"{path}.newGuardian")
        parts.link(await parts.make(GUARDIAN_LINKS, link, path, student_id=student), guardian)


async def _make_span(parts: Parts, student: int, values: Values, day: datetime.date) -> None:
    path, found = "schoolEnrollment", None
    with parts.checks, within(path):
        found = await span_values(parts.change, values, day)
    if found is not None:
        await parts.make(SCHOOL_ENROLLMENTS, found, path, student_id=student)


async def _make_enrollment(parts: Parts, student: int, values: Values, place: int, before: Sequence[Values]) -> None:
    path = f"enrollments.{place}"
    with parts.checks, within(path):
        check_status(values.get("status"))
        if any(each["course"] == values["course"] for each in before):
            raise Invalid("course: is given already, further up", field="course")
    await parts.make(ENROLLMENTS, values, path, student_id=student)


async def _make_name(parts: Parts, student: int, values: Values, place: int, before: Sequence[Values]) -> None:
    path, system = f"externalIds.{place}", values["system"].strip()
    with parts.checks, within(path):
        if any(each["system"].strip() == system for each in before):
            raise Invalid("system: is given already, further up", field="system")
    await parts.make(EXTERNAL_IDS, values, path, entity=Student.__tablename__, record_id=student)
