"""Rules of grade levels: promotion leads from level to level, and never in a circle."""

from sqlalchemy import select

from models import GradeLevel
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

CIRCLE = Rule(Invalid, "nextLevel", "promotion would lead back to the level itself")

keep(
    {
        "uq_grade_level_institution_id_code": Rule(Conflict, "code", "is another grade level's already"),
        "uq_grade_level_institution_id_sequence": Rule(Conflict, "sequence", "is another grade level's place already"),
        "ck_grade_level_next_is_another": CIRCLE,
    }
)


async def _rules(change: Change, row: GradeLevel, checks: Checks) -> None:
    if row.id is None or row.next_level_id is None or not changes(row, "next_level_id"):
        return
    levels = select(GradeLevel.id, GradeLevel.next_level_id).where(GradeLevel.institution_id == change.institution_id)
    # Two changes that are right by themselves can close a circle between them.
    locked = levels.order_by(GradeLevel.id).with_for_update(read=True)
    following = {key: after for key, after in await change.session.execute(locked)}
    level: int | None = row.next_level_id
    while level is not None and level != row.id:
        level = following[level]
    if level is not None:
        checks.errors.append(CIRCLE.error())


GRADE_LEVELS = Records(GradeLevel, rules=_rules)
