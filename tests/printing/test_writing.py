"""Documents as files: nothing of what people wrote is taken for markup, a formula, or a place to load from."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.printing import parts
from app.printing.csv_file import write_csv
from app.printing.html import write_html
from app.printing.pdf import write_pdf
from tests.printing.reading import Reading, pages, rows

pytestmark = pytest.mark.any_database

EVIL = '<script>alert("1")</script> & <b>Bo</b>'
TABLE = parts.Table(
    [parts.Column(EVIL), parts.Column("Upwards", 12, parts.Align.RIGHT, turned=True), parts.Column("Bar", 30)],
    [[EVIL, parts.Cell("1.5", parts.Tone.FAILED), parts.Gauge(0.5, 0.4)], ["", parts.Cell(EVIL), parts.Gauge(None)]],
    [["Sum", parts.Cell("2", parts.Tone.STRONG), ""]],
    title=EVIL,
)
CHART = parts.Chart(EVIL, "days", ["June", EVIL], [parts.Series(EVIL, [1.0, None]), parts.Series("Late", [0.5, 2.0])])
SHEET = parts.Sheet(
    EVIL,
    "Term",
    [
        parts.Facts([("Student", EVIL)]),
        parts.Figures([("Overall", "83.38")]),
        TABLE,
        CHART,
        parts.Remark("Teacher", EVIL),
        parts.Notes([EVIL]),
        parts.Signatures(["Head"]),
    ],
    name=EVIL,
)
DOCUMENT = parts.Document(
    title=EVIL,
    language="en",
    school=parts.School(EVIL, [EVIL]),
    sheets=[SHEET, SHEET],
    records=parts.Records(["Name"], [[EVIL]]),
    printed="Printed on",
    page="Page {number}",
)


class Count:
    def __init__(self) -> None:
        self.sheets = 0

    def __call__(self, done: int) -> None:
        self.sheets += done


class Interrupted(Exception):
    pass


def test_html_shows_what_was_written_and_nothing_else() -> None:
    count = Count()
    found = Reading(write_html(DOCUMENT, count))
    assert count.sheets == 2
    assert EVIL in found.texts
    assert {tag for tag, _ in found.tags} & {"script", "b", "link", "iframe", "object"} == set()
    places = {"src", "href", "xlink:href"}
    linked = [value for _, given in found.tags for name, value in given.items() if name in places]
    assert linked == []
    assert [given["lang"] for tag, given in found.tags if tag == "html"] == ["en"]


def test_pdf_shows_what_was_written_on_a_page_for_each_sheet() -> None:
    count = Count()
    found = pages(write_pdf(DOCUMENT, count))
    assert (len(found), count.sheets) == (2, 2)
    for page in found:
        assert page.count("alert") >= 8
        assert all(text in page for text in ("83.38", "1.5", "Late", "June", "Page 1", "Printed on"))


def test_the_same_document_is_the_same_pdf() -> None:
    assert write_pdf(DOCUMENT, Count()) == write_pdf(DOCUMENT, Count())


@pytest.mark.parametrize("writer", [write_pdf, write_html], ids=["pdf", "html"])
@pytest.mark.parametrize("at", [0, 1], ids=["begun", "done"])
def test_what_is_raised_at_a_sheet_ends_the_work_there(writer: Callable[..., bytes], at: int) -> None:
    told: list[int] = []

    def advance(done: int) -> None:
        told.append(done)
        if done == at:
            raise Interrupted

    with pytest.raises(Interrupted):
        writer(replace(DOCUMENT, sheets=[SHEET] * 5), advance)
    assert told.count(at) == 1


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "\tx"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    document = replace(DOCUMENT, records=parts.Records([text], [[text], ["-1.5"], ["Bo"]]))
    assert rows(write_csv(document)) == [[f"'{text}"], [f"'{text}"], ["-1.5"], ["Bo"]]


def test_a_csv_with_decimal_commas_is_parted_by_semicolons() -> None:
    document = replace(DOCUMENT, decimal_mark=",", records=parts.Records(["A", "B"], [["1,5", "x;y"]]))
    assert rows(write_csv(document), ";") == [["A", "B"], ["1,5", "x;y"]]


def test_scripts_are_set_in_letters_that_have_them() -> None:
    """Names as they are written in India, Vietnam, Turkey and Poland; none of them is lost."""
    hindi = "\u0939\u093f\u0928\u094d\u0926\u0940"
    names = [hindi, "\u0110\u1eb7ng Th\u1ecb", "\u015e\u00fckr\u00fc", "\u0141\u00f3d\u017a"]
    sheet = parts.Sheet("Names", "", [parts.Notes(names)])
    content = write_pdf(replace(DOCUMENT, sheets=[sheet]), Count())
    (page,) = pages(content)
    assert all(name in page for name in names[1:])
    assert b"Mukta" in content


def test_letters_that_no_typeface_has_are_told(caplog: pytest.LogCaptureFixture) -> None:
    """What the others know is not; nor are the letters themselves, which may be a name."""
    known = parts.Sheet("\u0939\u093f\u0928\u094d\u0926\u0940 \u0110\u1eb7ng \u0416\u03a9\n", "", [])
    write_pdf(replace(DOCUMENT, sheets=[known]), Count())
    assert caplog.messages == []
    tamil = parts.Table(
        [parts.Column("Name")],
        [
            [
                parts.Cell("\u0ba4\u0bae\u0bbf"),
            ],
            ["\u674e"],
        ],
    )
    write_pdf(replace(DOCUMENT, sheets=[replace(known, blocks=[tamil])]), Count())
    said = "a PDF has empty boxes for 4 letters that no typeface of it has (CJK, TAMIL): print it as HTML"
    assert caplog.messages == [said]


def test_a_table_goes_on_over_pages_under_its_header() -> None:
    columns = [parts.Column("Student"), parts.Column("Mark", 20)]
    table = parts.Table(columns, [[f"Student number {at}", str(at)] for at in range(120)])
    found = pages(write_pdf(replace(DOCUMENT, sheets=[parts.Sheet("Marks", "", [table])]), Count()))
    assert len(found) == 3
    assert all("Student Mark" in page and f"Page {number}" in page for number, page in enumerate(found, 1))
