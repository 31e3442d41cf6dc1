"""What a printed report is made of, whatever it is written as. Texts are ready to be read; widths are millimetres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Tone(Enum):
    """How a text stands out, also where it is printed without colour."""

    PLAIN = "plain"
    STRONG = "strong"
    FAILED = "failed"


@dataclass(frozen=True)
class Cell:
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Gauge:
    """A bar instead of a figure: how far a value is between 0 and 1, with a line at `mark`. None: no value."""

    value: float | None
    mark: float | None = None


Content = str | Cell | Gauge


@dataclass(frozen=True)
class Column:
    """Of the columns without a `width`, which share what is left, each should hold names. `turned`: read upwards."""

    title: str
    width: float | None = None
    align: Align = Align.LEFT
    turned: bool = False


@dataclass(frozen=True)
class Table:
    """Rows have a content for each column; `feet` are rows below a line that sum up those above."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Content]]
    feet: Sequence[Sequence[Content]] = ()
    title: str | None = None


@dataclass(frozen=True)
class Facts:
    """Names with what they stand for, side by side."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Series:
    """One value for each category of a chart; None leaves a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """Columns by category, those of several series on top of each other. `unit` says what the values count."""

    title: str
    unit: str
    categories: Sequence[str]
    series: Sequence[Series]
    whole: bool = False


@dataclass(frozen=True)
class Figures:
    """The few figures that matter most, large: each with its name."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Remark:
    """What somebody wrote about the student."""

    by: str
    text: str


@dataclass(frozen=True)
class Notes:
    """How to read what stands above, a line each, in small print."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on."""

    names: Sequence[str]


Block = Table | Facts | Chart | Figures | Remark | Notes | Signatures


@dataclass(frozen=True)
class Picture:
    """An image file's bytes with its media type; `width` and `height` are in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int

    def within(self, width: float, height: float) -> tuple[float, float]:
        """Width and height, as large as the room for it allows, in its own proportions."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


@dataclass(frozen=True)
class School:
    """What stands at the head of every sheet, beside the logo."""

    name: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """What begins on a page of its own; it may take several. `name` is what it is found by among the others.

    `school` stands at its head in place of the document's.
    """

    title: str
    subtitle: str
    blocks: Sequence[Block]
    name: str = ""
    school: School | None = None


@dataclass(frozen=True)
class Records:
    """The figures as a table of plain rows, for programs."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Document:
    """A report. `printed` says when and by what it was made, and stands at the foot of every page.

    `logo` is where the store of files has the school's logo, which stands at the head of every sheet.
    """

    title: str
    language: str
    school: School
    sheets: Sequence[Sheet]
    records: Records
    printed: str
    page: str
    decimal_mark: str = "."
    landscape: bool = False
    name: str = field(default="report")
    logo: str | None = None


def texts_of(part: Any) -> Iterator[str]:
    """All texts of a document or of a part of it, but for its records, which are no sheet's."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Sequence):
        for each in part:
            yield from texts_of(each)
    elif is_dataclass(part) and not isinstance(part, Records):
        for each in fields(part):
            yield from texts_of(getattr(part, each.name))
