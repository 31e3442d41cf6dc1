"""What is worked out about a student: names, age, address, parents, and where the student is in the school."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, case, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from models.computed import ForMany, Lookup, Test, computed, tenant, today
from models.people.guardian import Guardian
from models.people.school_enrollment import SchoolEnrollment
from models.people.student_guardian import GuardianRelation, StudentGuardian


def _guardian_name(student: Any, relations: list[GuardianRelation]) -> ColumnElement[Any]:
    """Name of the first guardian by the order of `relations`, then contact priority."""
    rank = case({relation.value: n for n, relation in enumerate(relations)}, value=StudentGuardian.relation)
    return (
        select(Guardian.full_name)
        .join(
            StudentGuardian,
            (StudentGuardian.institution_id == Guardian.institution_id) & (StudentGuardian.guardian_id == Guardian.id),
        )
        .where(
            StudentGuardian.institution_id == student.institution_id,
            StudentGuardian.student_id == student.id,
            or_(*(StudentGuardian.relation == relation for relation in relations)),
            Guardian.deleted_at.is_(None),
        )
        .order_by(rank, StudentGuardian.contact_priority, StudentGuardian.id)
        .limit(1)
        .correlate_except(Guardian, StudentGuardian)
        .scalar_subquery()
    )


def _latest_span(student: Any, column: Any) -> ColumnElement[Any]:
    """`column` of the student's latest school enrolment that has begun."""
    statement: Select[Any] = (
        select(column)
        .where(
            SchoolEnrollment.institution_id == student.institution_id,
            SchoolEnrollment.student_id == student.id,
            SchoolEnrollment.entry_date <= today(),
        )
        .order_by(SchoolEnrollment.entry_date.desc())
        .limit(1)
    )
    return statement.correlate_except(SchoolEnrollment).scalar_subquery()


def _latest_spans(column: str) -> ForMany:
    """The same of many students: twice as fast as one by one, beside which the driver can go on with their rows.

    Where the rows are text (`resolvers.texts`) they have it one by one: there Python would need longer for the keys.
    """

    def for_many(keys: Any) -> Select[Any]:
        span = SchoolEnrollment
        return (
            select(span.student_id.label("_key"), getattr(span, column).label("value"))
            .ext(distinct_on(span.student_id))
            .where(span.institution_id == tenant(), span.student_id == func.any(keys), span.entry_date <= today())
            .order_by(span.student_id, span.entry_date.desc())
        )

    return for_many


def _by_latest_span(column: str) -> Lookup:
    """Students whose latest span that has begun passes a test, found from the spans and not student by student."""

    def lookup(student: Any, test: Test) -> ColumnElement[bool]:
        span, later = aliased(SchoolEnrollment), aliased(SchoolEnrollment)
        followed = exists().where(
            later.institution_id == span.institution_id,
            later.student_id == span.student_id,
            later.entry_date > span.entry_date,
            later.entry_date <= today(),
        )
        found = select(span.student_id).where(
            span.institution_id == tenant(),
            test(getattr(span, column)),
            span.entry_date <= today(),
            ~followed,
        )
        matched: ColumnElement[bool] = student.id.in_(found)
        return matched

    return lookup


class StudentComputed:
    @computed("First and last name, separated by a space")
    def full_name(self: Any) -> ColumnElement[Any]:
        return func.concat_ws(" ", self.first_name, self.last_name, type_=Text())

    @computed("Age in completed years on the school's current day")
    def age(self: Any) -> ColumnElement[Any]:
        return cast(func.date_part("year", func.age(today(), self.date_of_birth)), Integer)

    @computed("Address in one line: `street, city, province - postal code`, of the parts that are known")
    def full_address(self: Any) -> ColumnElement[Any]:
        house = func.nullif(func.concat_ws(" ", self.house_number, self.street), "")
        line = func.concat_ws(", ", house, self.city, self.province)
        parts = func.concat_ws(" - ", func.nullif(line, ""), self.postal_code)
        return func.nullif(parts, "", type_=Text())

    @computed("Name of the father, or else of the guardian; from the guardian links")
    def father_or_guardian_name(self: Any) -> ColumnElement[Any]:
        return _guardian_name(self, [GuardianRelation.FATHER, GuardianRelation.GUARDIAN])

    @computed("Name of the mother; from the guardian links")
    def mother_name(self: Any) -> ColumnElement[Any]:
        return _guardian_name(self, [GuardianRelation.MOTHER])

    @computed(
        "Grade level (class) by the latest school enrolment that has begun",
        target="grade_level",
        lookup=_by_latest_span("grade_level_id"),
        for_many=_latest_spans("grade_level_id"),
    )
    def grade_level_id(self: Any) -> ColumnElement[Any]:
        return _latest_span(self, SchoolEnrollment.grade_level_id)

    @computed(
        "School year of the latest school enrolment that has begun",
        target="school_year",
        lookup=_by_latest_span("school_year_id"),
        for_many=_latest_spans("school_year_id"),
    )
    def school_year_id(self: Any) -> ColumnElement[Any]:
        return _latest_span(self, SchoolEnrollment.school_year_id)
