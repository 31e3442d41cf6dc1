"""What every report has: the school at its head, the day it was made, and how the school writes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.printing.asking import Answers, Asker
from app.printing.parts import Document, Facts, Records, School, Sheet
from app.printing.style import Style
from app.printing.words import Words, words_of
from models import StoredFile
from resolvers.context import Context
from resolvers.institution.conventions import conventions_of
from resolvers.institution.stored_file import find_file
from schema.node import decode


@dataclass(frozen=True)
class Letterhead:
    """`logo` is where the store has it."""

    school: School
    style: Style
    today: str
    logo: str | None = None

    @property
    def words(self) -> Words:
        return self.style.words

    def document(
        self, title: str, about: Sequence[str], sheets: Sequence[Sheet], records: Records, *, landscape: bool = False
    ) -> Document:
        """`about` says in the name of the file what the report is of."""
        words = self.words
        return Document(
            title=" · ".join((title, *about)),
            language=words.language,
            school=self.school,
            sheets=sheets,
            records=records,
            printed=words.printed.format(day=self.today),
            page=words.page,
            decimal_mark=words.decimal_mark,
            landscape=landscape,
            name=re.sub(r"\W+", "-", "-".join((title, *about)).lower()).strip("-"),
            logo=self.logo,
        )


async def letterhead(ask: Asker, language: str | None = None) -> Letterhead:
    """Of the viewer's school, in a language or else in the school's own. Two statements, and one for a logo."""
    own = await conventions_of(ask.context)
    style = Style(words_of(language or own.language), own.date_format)
    profile = (await ask("School"))["schoolProfile"]
    logo = await _logo(ask.context, profile["logo"]) if profile and profile["logo"] else None
    viewer = ask.context.viewer
    return Letterhead(_school(profile), style, style.day(viewer.today(ask.context.now)), logo)


async def _logo(context: Context, logo: Answers) -> str | None:
    found = await find_file(context, decode(logo["id"], StoredFile, field="logo").id)
    return found.location if found else None


def _school(profile: Answers | None) -> School:
    if profile is None:
        return School("")
    contact = " · ".join(profile[name] for name in ("phone", "email") if profile[name])
    return School(profile["schoolName"], [line for line in (profile["address"], contact) if line])


def course_name(course: Answers) -> str:
    """`Class 7 A`: the section stands behind the name, unless the name says it already."""
    name, section = course["name"], course["section"]
    return name if not section or name.split()[-1] == section else f"{name} {section}"


def of_course(words: Words, course: Answers, **further: str) -> Facts:
    """The facts about a course that stand at the head of each report."""
    facts = {words.course: course_name(course)}
    if course["gradeLevel"]:
        facts[words.grade_level] = course["gradeLevel"]["name"]
    if course["leadTeacher"] and course["leadTeacher"]["fullName"]:
        facts[words.teacher] = course["leadTeacher"]["fullName"]
    return Facts([*facts.items(), *further.items()])
