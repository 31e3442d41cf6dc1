"""Report cards that were published: what they froze, in the form in which live figures come."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.printing.asking import Answers, Asker
from app.printing.parts import School
from models import ReportCardState, Role
from resolvers.viewer import Viewer

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})
OVERALL = ("average", "letter", "passed", "rank", "missing", "member", "classSize", "ranked")


@dataclass(frozen=True)
class Published:
    """One card. It is printed from what it froze alone, whatever the school, its names and its marks are by now.

    `taken_back` is the school's day of that. `drift` are the values that have changed since, where staff print it.
    """

    card: Answers
    course: Answers
    semester: Answers
    presence: Answers
    school: Answers
    comments: list[Answers]
    day: str
    checksum: str
    state: ReportCardState
    edition: int
    taken_back: datetime.date | None
    drift: Sequence[Answers]

    @property
    def ranks(self) -> bool:
        """Whether the card ranks; one without an average may or may not, and nobody sees the difference."""
        return any(each["rank"] is not None for each in (self.card, *self.card["subjects"]))


async def published_cards(
    ask: Asker, course: str, semester: str, student: str | None = None, *, edition: int | None = None
) -> Mapping[str, Published]:
    """The cards that hold now or have been taken back, or those of an edition, by the students' ids.

    One statement for each hundred, and a few to compare them with what is live, for whom that concerns.
    """
    states = ["PUBLISHED", "REOPENED", *(["SUPERSEDED"] if edition else [])]
    where: dict[str, Any] = {"course": {"eq": course}, "semester": {"eq": semester}, "state": {"in": states}}
    if student is not None:
        where["student"] = {"eq": student}
    viewer = ask.context.viewer
    compared = not viewer.roles <= FAMILY
    found: dict[str, Published] = {}
    after, more = None, True
    while more:
        page = (await ask("PublishedCards", where=where, after=after, compared=compared))["reportCards"]
        nodes = [node for node in page["nodes"] if node["student"] and edition in (None, node["edition"])]
        found |= {node["student"]["id"]: _read(node, viewer) for node in nodes}
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


def _read(node: Answers, viewer: Viewer) -> Published:
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
        state=ReportCardState[node["state"]],
        edition=node["edition"],
        taken_back=viewer.today(datetime.datetime.fromisoformat(node["reopenedAt"])) if node["reopenedAt"] else None,
        drift=node.get("drift", ()),
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
