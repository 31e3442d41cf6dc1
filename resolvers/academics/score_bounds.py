"""Bounds of marks: an assessment's own, else those of the course's scale, else of the school's, else of the settings.

Marks that have been given keep bounds from being drawn closer than they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, cast, func, select

from models import Assessment, ConfigurationSetting, Course, Grade, GradingScale, SettingCategory
from models.base import MARK
from resolvers.errors import Checks, Conflict
from resolvers.institution.school_settings import school_settings
from resolvers.unit_of_work import Change


@dataclass(frozen=True)
class Bounds:
    """The lowest and the highest mark, both inclusive."""

    lowest: Decimal
    highest: Decimal


async def scale_bounds(change: Change, grading_scale_id: int | None) -> Bounds:
    """Bounds of a course's marks, by its scale where it names one."""
    return Bounds(*(await change.session.execute(select(*scale_sql(change, grading_scale_id)))).one())


def scale_sql(change: Change, grading_scale_id: int | None) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """SQL of the same two, which stay so until the transaction ends: the rows that count are locked as they are read.

    The settings count that every school is made with where it has no scale.
    """
    named = GradingScale.school_default if grading_scale_id is None else GradingScale.id == grading_scale_id

    def bound(column: Any, key: str, otherwise: int) -> ColumnElement[Any]:
        scale = select(column).where(GradingScale.institution_id == change.institution_id, named)
        setting = select(cast(ConfigurationSetting.value, MARK)).where(
            ConfigurationSetting.institution_id == change.institution_id,
            ConfigurationSetting.category == SettingCategory.ACADEMIC,
            ConfigurationSetting.key == key,
        )
        scale, setting = scale.with_for_update(read=True), setting.with_for_update(read=True)
        return func.coalesce(scale.scalar_subquery(), setting.scalar_subquery(), cast(otherwise, MARK))

    lowest = bound(GradingScale.min_score, "GRADE_SCALE_MIN", 0)
    return lowest, bound(GradingScale.max_score, "GRADE_SCALE_MAX", 10)


async def settings_bounds(change: Change) -> Bounds:
    """Bounds of marks where no scale is given."""
    keys = "GRADE_SCALE_MIN", "GRADE_SCALE_MAX"
    found = await school_settings(change, *keys)
    return Bounds(*(Decimal(found[key]) for key in keys))


async def check_scores(
    change: Change, checks: Checks, marks: Sequence[ColumnElement[bool]], bounds: Bounds, fields: tuple[str, str]
) -> None:
    """That no mark among `marks` lies outside; `fields` are the input's for the lowest and the highest mark.

    Where an assessment has a bound of its own, that one counts.
    """
    lowest = func.min(Grade.score).filter(Assessment.min_score.is_(None))
    highest = func.max(Grade.score).filter(Assessment.max_score.is_(None))
    found = (
        select(lowest, highest)
        .select_from(Grade)
        .join(Course, (Course.institution_id == Grade.institution_id) & (Course.id == Grade.course_id))
        .outerjoin(
            Assessment, (Assessment.institution_id == Grade.institution_id) & (Assessment.id == Grade.assessment_id)
        )
        .where(Grade.institution_id == change.institution_id, *marks)
    )
    given: Any = (await change.session.execute(found)).one()
    if given[0] is not None and given[0] < bounds.lowest:
        checks.errors.append(outside(fields[0], bounds.lowest, "above", given[0]))
    if given[1] is not None and given[1] > bounds.highest:
        checks.errors.append(outside(fields[1], bounds.highest, "below", given[1]))


def outside(field: str, bound: Decimal, side: str, score: Decimal) -> Conflict:
    text = f"{field}: the bound {bound.normalize():f} is {side} {score.normalize():f}, a mark that has been given"
    return Conflict(text, field=field)


async def check_course_scores(change: Change, row: Course, checks: Checks) -> None:
    """That a course's marks lie within its scale."""
    bounds = await scale_bounds(change, row.grading_scale_id)
    await check_scores(change, checks, [Grade.course_id == row.id], bounds, ("gradingScale", "gradingScale"))
