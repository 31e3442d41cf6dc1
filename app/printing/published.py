"""Report cards that were published: what they froze, in the form in which live figures come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.printing.asking import Answers, Asker
from app.printing.parts import School

OVERALL = ("average", "letter", "passed", "rank", "missing", "member", "classSize", "ranked")


@dataclass(frozen=True)
class Published:
    """One card. It is printed from what it froze alone, whatever the school, its names and its marks are by now."""

    card: Answers
    course: Answers
    semester: Answers
    presence: Answers
    school: Answers
    comments: list[Answers]
    day: str
    checksum: str

    @property
    def ranks(self) -> bool:
        """Whether the card ranks; one without an average may or may not, and nobody sees the difference."""
        return any(each["rank"] is not None for each in (self.card, *self.card["subjects"]))


async def published_cards(ask: Asker, course: str, semester: str, student: str | None) -> Mapping[str, Published]:
    """The cards that hold now, by the students' ids; one statement for each hundred."""
    where: dict[str, Any] = {"course": {"eq": course}, "semester": {"eq": semester}, "state": {"eq": "PUBLISHED"}}
    if student is not None:
        where["student"] = {"eq": student}
    found: dict[str, Published] = {}
    after, more = None, True
    while more:
        page = (await ask("PublishedCards", where=where, after=after))["reportCards"]
        found |= {node["student"]["id"]: _read(node) for node in page["nodes"] if node["student"]}
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


def _read(node: Answers) -> Published:
    content = node["content"]
    course, semester, presence = content["course"], content["semester"], content["attendance"]
    level, teacher = course["gradeLevel"], course["leadTeacher"]
    return Published(
        card=_card(node["student"]["id"], content),
        course=course | {"gradeLevel": level and {"name": level}, "leadTeacher": teacher and {"fullName": teacher}},
        semester=semester | {"schoolYear": {"code": course["schoolYear"]}},
        presence=presence | {"rule": {"policy": presence["policy"]}, "through": presence["to"]},
        school=content["school"],
        comments=content["comments"],
        day=content["publishedOn"],
        checksum=node["checksum"],
    )


def _card(student: str, content: Answers) -> Answers:
    who, scale = content["student"], content["scale"]
    return {
        **{name: content["overall"][name] for name in OVERALL},
        "student": {"id": student, "fullName": who["fullName"], "studentNumber": who["number"]},
        "explain": scale,
        "subjects": [each | {"subject": {"name": each["name"]}} for each in content["subjects"]],
    }


def named(school: Answers) -> School:
    """The school as a card names it."""
    contact = " · ".join(school[name] for name in ("phone", "email") if school[name])
    return School(school["name"], [line for line in (school["address"], contact) if line])
