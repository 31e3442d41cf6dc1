"""Rules of grading scales: marks that were given stay on them. One of them may be the school's own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from models import Course, GradingScale
from resolvers.academics.grading_scale_bands import Values, bands_of, check_fit, write_bands
from resolvers.academics.score_bounds import Bounds, check_scores, settings_bounds
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes, was

MAX_TOO_LOW = Rule(Invalid, "maxScore", "is not above the lowest mark")
PASS_OUTSIDE = Rule(Invalid, "passMark", "is not between the lowest and the highest mark")
DECIMALS = Rule(Invalid, "decimals", "is not between 0 and 4")

keep(
    {
        "uq_grading_scale_institution_id_name": Rule(Conflict, "name", "is another grading scale's already"),
        "ix_grading_scale_institution_id_school_default": Rule(
            Conflict, "schoolDefault", "another scale has just become the school's"
        ),
        "ck_grading_scale_max_above_min": MAX_TOO_LOW,
        "ck_grading_scale_pass_mark_range": PASS_OUTSIDE,
        "ck_grading_scale_decimals_range": DECIMALS,
    }
)


async def _rules(change: Change, row: GradingScale, checks: Checks) -> None:
    if row.decimals is not None and not 0 <= row.decimals <= 4:
        checks.errors.append(DECIMALS.error(row.decimals))
    if row.max_score <= row.min_score:
        checks.errors.append(MAX_TOO_LOW.error(row.max_score))
        return
    if not row.min_score <= row.pass_mark <= row.max_score:
        checks.errors.append(PASS_OUTSIDE.error(row.pass_mark))
    if changes(row, "min_score", "max_score", "school_default"):
        await _check_marks(change, row, checks)


async def _check_marks(change: Change, row: GradingScale, checks: Checks) -> None:
    """That the marks of all courses that it serves lie on it, and those of courses that it leaves in the settings'."""
    served = [Course.grading_scale_id == row.id] if row.id is not None else []
    if row.school_default:
        served.append(Course.grading_scale_id.is_(None))
    if served:
        fields = ("minScore", "maxScore")
        await check_scores(change, checks, [or_(*served)], Bounds(row.min_score, row.max_score), fields)
    if was(row, "school_default") and not row.school_default:
        left = [Course.grading_scale_id.is_(None)]
        await check_scores(change, checks, left, await settings_bounds(change), ("schoolDefault", "schoolDefault"))


async def _leaving(change: Change, row: GradingScale, checks: Checks) -> None:
    if row.school_default:
        left = [Course.grading_scale_id.is_(None)]
        await check_scores(change, checks, left, await settings_bounds(change), ("id", "id"))


SCALES = Records(GradingScale, rules=_rules, leaving=_leaving)


async def _take_over(change: Change, key: int | None) -> None:
    """Another scale that is the school's is it no longer: this one will be."""
    other = select(GradingScale).where(
        GradingScale.institution_id == change.institution_id, GradingScale.school_default
    )
    row = await change.session.scalar(other.with_for_update(key_share=True))
    if row is not None and row.id != key:
        row.school_default = False
        await change.session.flush()
        change.publish(SCALES.name, row.id, {"action": "update", "id": row.id})


async def create_grading_scale(context: Context, *, bands: Sequence[Values] = (), **values: Any) -> int:
    """Add a grading scale with its letters; gives the key."""
    async with context.change("grading_scale.create") as change:
        if values.get("school_default"):
            await _take_over(change, None)
        row = await SCALES.add(change, values)
        await write_bands(change, row, bands)
        change.details["id"] = row.id
    return row.id


async def update_grading_scale(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given, the letters as a whole; gives the key."""
    async with context.change("grading_scale.update", id=id) as change:
        row = await SCALES.find(change, id, version)
        if values.get("school_default"):
            await _take_over(change, id)
        own = {name: value for name, value in values.items() if name != "bands"}
        altered = await SCALES.alter(change, row, own)
        if "bands" not in values:
            await _keep_bands(change, row)
        elif await _change_bands(change, row, values["bands"]) and not altered:
            # The version that clients have read is the scale's, and says which letters they have read too.
            change.touch(row)
            altered = True
        if not altered:
            change.withdraw()
    return id


async def _keep_bands(change: Change, row: GradingScale) -> None:
    checks = Checks()
    check_fit(row, await bands_of(change, row), checks)
    checks.done()


async def _change_bands(change: Change, row: GradingScale, bands: Sequence[Values] | None) -> bool:
    if bands is None:
        raise Invalid("bands: must be given; send an empty list for none", field="bands")
    return await write_bands(change, row, bands)
