"""How far a published card has drifted: which of its values would be others if it were published now.

Attendance is counted, and assessments are missing, up to the day of the card: days that merely went by are no drift.
Subjects, comments and letters are compared one by one: one that has come or gone has all its values on one side only.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from resolvers.context import Context
from resolvers.reports.cards.content import OWN, CardContent, as_json
from resolvers.reports.cards.live import Cover, live_card

Place = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Drift:
    """One value, as text, then and now; None where there is none. `path` is spelled as in the content.

    `subject_id` where it is about one subject.
    """

    path: str
    subject_id: int | None
    then: str | None
    now: str | None


def _text(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(content: Mapping[str, Any]) -> Iterator[tuple[Place, str | None]]:
    """All values of a content, each with its place."""
    for name, value in content.items():
        if name == "subjects":
            yield from _each(value, lambda row: ("subjects", row["subjectId"]), "subjectId")
        elif name == "comments":
            yield from _each(value, lambda row: (f"comments.{row['kind']}", row["subjectId"]), "kind", "subjectId")
        elif name == "scale":
            yield from _each([{key: each for key, each in value.items() if key != "bands"}], lambda _: ("scale", None))
            yield from _each(value["bands"], lambda row: (f"scale.bands.{row['letter']}", None), "letter")
        elif name not in OWN:
            yield from _each([value], lambda _, name=name: (name, None))


def _each(rows: Any, place: Any, *keys: str) -> Iterator[tuple[Place, str | None]]:
    for row in rows:
        where, subject = place(row)
        yield from (((f"{where}.{name}", subject), _text(value)) for name, value in row.items() if name not in keys)


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Drift]:
    """The values in which two contents differ, as JSON, in the order of the content."""
    before, after = dict(_values(then)), dict(_values(now))
    places = [*before, *(place for place in after if place not in before)]
    found = (Drift(*place, before.get(place), after.get(place)) for place in places)
    return [each for each in found if each.then != each.now]


async def live_of(context: Context, card: Any, *days: datetime.date) -> CardContent | None:
    """What a card would say now, as its next edition; None where the student has nothing in the course any more.

    `days` are those of `Cover`.
    """
    found = await live_card(context, Cover(card.course_id, card.semester_id, *days), card.student_id)
    return found and replace(found, edition=card.edition + (card.content is not None))


async def drift_of(context: Context, card: Any) -> list[Drift]:
    """What has changed since a card was frozen; nothing where it has not been."""
    if card.content is None:
        return []
    then = orjson.loads(card.content)
    days = then["attendance"]["to"], then["publishedOn"]
    now = await live_of(context, card, *map(datetime.date.fromisoformat, days))
    return differences(then, {} if now is None else as_json(now))
