"""Report cards as tests write and read them."""

from typing import Any

from resolvers.viewer import Viewer
from tests.conftest import Execute
from tests.factories import gid
from tests.mutating import mutate
from tests.reports.worked_school import WorkedSchool

RESULTS = (
    "course { id } created updated unchanged refused results { place outcome student { firstName }"
    " reportCard { id version } errors { code field message currentVersion } }"
)
CARDS = """query ($course: ID!) { reportCards(
    where: { course: { eq: $course } }, orderBy: [{ field: STUDENT_FIRST_NAME }, { field: UPDATED_AT }], first: 100
) { nodes { id version state edition publishedAt reopenedAt reopenReason checksum canonicalContent
    student { firstName } comments { id kind text } drift { path subject { name } then now }
    content { edition publishedAt publishedOn overall { average rank } comments { text author }
        subjects { name average } attendance { to present } student { fullName } }
} } }"""


def of_class(made: WorkedSchool, *names: str, **more: Any) -> dict[str, Any]:
    """The class of the worked school, or some of it."""
    some = {"students": [gid(made.students[name]) for name in names]} if names else {}
    return {"course": gid(made.course), "semester": gid(made.semester), **some, **more}


async def on_cards(execute: Execute, name: str, /, **given: Any) -> dict[str, Any]:
    """The payload of a mutation of several cards, with what became of each."""
    return await mutate(execute, name, RESULTS, **given)


async def published(execute: Execute, made: WorkedSchool, *names: str) -> dict[str, dict[str, Any]]:
    """Publish cards; gives those of the class."""
    payload = await on_cards(execute, "publishReportCards", **of_class(made, *names))
    assert payload["errors"] == []
    return await read(execute, made)


async def read(execute: Execute, made: WorkedSchool, viewer: Viewer | None = None) -> dict[str, dict[str, Any]]:
    """The cards of the class that stand, by student."""
    cards = await read_all(execute, made, viewer)
    return {card["student"]["firstName"]: card for card in cards if card["state"] != "SUPERSEDED"}


async def read_all(execute: Execute, made: WorkedSchool, viewer: Viewer | None = None) -> list[dict[str, Any]]:
    who = {} if viewer is None else {"viewer": viewer}
    found = (await execute(CARDS, course=gid(made.course), **who)).found
    nodes: list[dict[str, Any]] = found["reportCards"]["nodes"]
    return nodes
