"""The form in which a report card is frozen: one text for one content, and read back as it was."""

import datetime
import hashlib
from dataclasses import replace
from typing import Any

from resolvers.reports.cards.content import (
    FORM,
    CardAttendance,
    CardBand,
    CardComment,
    CardContent,
    CardCourse,
    CardOverall,
    CardScale,
    CardSchool,
    CardSemester,
    CardStudent,
    CardSubject,
    as_json,
    canonical,
    checksum,
    from_json,
)
from resolvers.reports.cards.drift import Drift, differences

FIRST, LAST = datetime.date(2025, 6, 1), datetime.date(2025, 10, 31)
ART = CardSubject(7, "Art", None, "1", None, True, "COMPLETE", 2, 0, 0, "87.5", "A", "4", True, 1)
CONTENT = CardContent(
    form=FORM,
    edition=1,
    published_at=datetime.datetime(2025, 11, 20, 6, 30, tzinfo=datetime.UTC),
    published_on=datetime.date(2025, 11, 20),
    school=CardSchool("École “Été”", "ALPHA", None, None, "office@example.org"),
    student=CardStudent("STU-2025-00001", "Anita", "Rao", "Anita Rao", datetime.date(2013, 2, 28), "FEMALE"),
    course=CardCourse("7", "A", None, "2025-2026", None),
    semester=CardSemester("First", "S1-2025", FIRST, LAST),
    subjects=(ART,),
    overall=CardOverall("87.5", "A", True, 1, 6, 5, True, True, 1, 1, 2, 0),
    attendance=CardAttendance(FIRST, LAST, "TAKEN", "4", "3", "1", "0", "0", "0", "0", "4", "4", "100"),
    comments=(CardComment("TEACHER", 7, "Art", 'Says "no"\nto\tblue', "Tara Rao"),),
    scale=CardScale(None, "0", "10", "5", "HALF_UP", 2, (CardBand("A", "8", None),)),
)


def test_the_canonical_text_is_that_of_rfc_8785() -> None:
    content: dict[str, Any] = {"b": 1, "a": 'é\n"\\\x01/', "c": [None, True, {"z": "", "y": -3}]}
    text = '{"a":"é\\n\\"\\\\\\u0001/","b":1,"c":[null,true,{"y":-3,"z":""}]}'
    assert canonical(content) == text
    assert checksum(content) == hashlib.sha256(text.encode()).digest()
    assert canonical(dict(reversed(content.items()))) == text


def test_a_content_is_read_back_as_it_was() -> None:
    said = as_json(CONTENT)
    assert from_json(CardContent, said) == CONTENT
    assert said["publishedAt"] == "2025-11-20T06:30:00+00:00"
    assert said["student"]["dateOfBirth"] == "2013-02-28"


def test_each_value_that_differs_is_told_once() -> None:
    """A subject and a letter that came or went have all their values on one side; null is no value."""
    other = replace(ART, subject_id=9, name="Music", average=None, letter=None, points=None, passed=None, rank=None)
    scale = replace(CONTENT.scale, bands=(CardBand("A", "9", None), CardBand("B", "5", "2")))
    now = replace(CONTENT, edition=2, published_at=None, subjects=(ART, other), scale=scale, comments=())
    assert differences(as_json(CONTENT), as_json(now)) == [
        Drift("comments.TEACHER.subjectName", 7, "Art", None),
        Drift("comments.TEACHER.text", 7, 'Says "no"\nto\tblue', None),
        Drift("comments.TEACHER.author", 7, "Tara Rao", None),
        Drift("scale.bands.A.lowerBound", None, "8", "9"),
        Drift("subjects.name", 9, None, "Music"),
        Drift("subjects.coefficient", 9, None, "1"),
        Drift("subjects.expected", 9, None, "true"),
        Drift("subjects.completeness", 9, None, "COMPLETE"),
        Drift("subjects.markCount", 9, None, "2"),
        Drift("subjects.exempt", 9, None, "0"),
        Drift("subjects.missing", 9, None, "0"),
        Drift("scale.bands.B.lowerBound", None, None, "5"),
        Drift("scale.bands.B.points", None, None, "2"),
    ]
