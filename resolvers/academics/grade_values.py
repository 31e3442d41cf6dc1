"""What a mark says: a score within bounds, how far the marking is, a comment; what is left out of a change stays."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from models import Grade, ScoreStatus
from resolvers.academics.score_bounds import Bounds
from resolvers.checking import check_values, tidied
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid

NAMES = ("score", "score_status", "comment")
NO_SCORE = Rule(Invalid, "score", "must be given with FULLY_GRADED")
EXEMPT = Rule(Invalid, "score", "cannot be given with EXEMPT")
MARKED = Rule(Conflict, "student", "has been marked by somebody else: read it again")
_KEY = "uq_grade_institution_id_student_id_course_id_subject_id_semester_id_assessment_id_date"

keep({_KEY: MARKED, "ck_grade_graded_has_score": NO_SCORE, "ck_grade_exempt_has_no_score": EXEMPT})


def _told(number: Decimal) -> str:
    return format(number.normalize(), "f")


def check_score(score: Decimal, bounds: Bounds) -> None:
    """Raise Invalid where a score is out of bounds."""
    if not bounds.lowest <= score <= bounds.highest:
        said = f"{_told(score)} is not between {_told(bounds.lowest)} and {_told(bounds.highest)}"
        raise Invalid(f"score: {said}", field="score")


def _status(given: Mapping[str, Any], before: Mapping[str, Any] | None, score: Decimal | None) -> ScoreStatus:
    """How far the marking is: what is said; else what stands while the score does; else FULLY_GRADED."""
    if "score_status" in given:
        if given["score_status"] is None:
            raise Invalid("scoreStatus: must be given", field="scoreStatus")
        return cast(ScoreStatus, given["score_status"])
    if before is not None and before["score"] == score:
        return cast(ScoreStatus, before["score_status"])
    if score is None:
        raise Invalid("score: must be given, or a scoreStatus that needs none", field="score")
    return ScoreStatus.FULLY_GRADED


def grade_values(
    given: Mapping[str, Any], before: Mapping[str, Any] | None, bounds: Bounds, checks: Checks
) -> dict[str, Any]:
    """What a mark says by what is given and what it said before."""
    given = tidied({name: given[name] for name in NAMES if name in given})
    check_values(Grade, {name: value for name, value in given.items() if name != "score_status"}, checks)
    stood = before or {}
    score = given.get("score", stood.get("score"))
    found = {"score": score, "comment": given.get("comment", stood.get("comment"))}
    with checks:
        if score is not None and score != stood.get("score"):
            check_score(score, bounds)
        status = found["score_status"] = _status(given, before, score)
        if status is ScoreStatus.FULLY_GRADED and score is None:
            raise NO_SCORE.error()
        if status is ScoreStatus.EXEMPT and score is not None:
            raise EXEMPT.error(score)
    return found
