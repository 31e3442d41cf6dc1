"""What people call courses, semesters and students → their ids."""

import datetime
from typing import Any

from app.printing.asking import Asker
from app.printing.letterhead import course_name
from resolvers.context import Context
from resolvers.errors import Invalid, NotFound


async def semester_id(context: Context, purpose: str, text: str) -> tuple[str, str | None]:
    """Of an id or a code; with the id of its school year."""
    ask = Asker(context, purpose)
    if text.startswith("sem_"):
        found = (await ask("SemesterById", semester=text))["semester"]
        nodes = [found] if found else []
    else:
        nodes = (await ask("SemesterByCode", code=text))["semesters"]["nodes"]
    semester = _only(nodes, "semester", text)
    return semester["id"], semester["schoolYear"] and semester["schoolYear"]["id"]


async def course_id(
    context: Context, purpose: str, text: str, *, year: str | None = None, day: datetime.date | None = None
) -> str:
    """Of an id, or of a name with the section, in a school year or in the one of a day."""
    if text.startswith("crs_"):
        return text
    nodes = (await Asker(context, purpose)("CoursesThere"))["courses"]["nodes"]
    named = [each for each in nodes if text.casefold() in (course_name(each).casefold(), each["name"].casefold())]
    if year is not None:
        named = [each for each in named if each["schoolYear"]["id"] == year]
    elif day is not None:
        named = [each for each in named if _holds(each["schoolYear"], day.isoformat())]
    exact = [each for each in named if course_name(each).casefold() == text.casefold()]
    found: str = _only(exact or named, "course", text)["id"]
    return found


async def student_id(context: Context, purpose: str, text: str) -> str:
    """Of an id or a student number."""
    if text.startswith("stu_"):
        return text
    nodes = (await Asker(context, purpose)("StudentByNumber", number=text))["students"]["nodes"]
    found: str = _only(nodes, "student", text)["id"]
    return found


def _holds(year: Any, day: str) -> bool:
    return bool(year["startDate"] <= day <= year["endDate"])


def _only(nodes: list[Any], name: str, text: str) -> Any:
    if not nodes:
        raise NotFound(f"{name}: there is no {name} {text!r}", field=name)
    if len(nodes) > 1:
        ids = ", ".join(each["id"] for each in nodes)
        raise Invalid(f"{name}: there are several {text!r}, name one by its id: {ids}", field=name)
    return nodes[0]
