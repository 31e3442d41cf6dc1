"""The register of a month: what became of each student's sessions, day by day, a letter each."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.printing.asking import Answers
from app.printing.parts import Align, Cell, Column, Content, Table, Tone
from app.printing.style import Style

TONES = {"ABSENT": Tone.STRONG, "UNMARKED": Tone.STRONG}
# Morning before afternoon, where a day has both.
ORDER = ("FULL", "AM", "PM")


@dataclass(frozen=True)
class Register:
    style: Style
    sessions: Sequence[Answers]

    @cached_property
    def marks(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Outcomes by student and day."""
        found: dict[tuple[str, str], list[str]] = {}
        for each in sorted(self.sessions, key=lambda each: ORDER.index(each["session"])):
            found.setdefault((each["student"]["id"], each["date"]), []).append(each["outcome"])
        return found

    @property
    def letters(self) -> Mapping[str, str]:
        words = self.style.words
        return {
            "PRESENT": words.short_present,
            "LATE": words.short_late,
            "EXCUSED": words.short_excused,
            "ABSENT": words.short_absent,
            "UNMARKED": "?",
            "NOT_TAKEN": "·",
        }

    @property
    def legend(self) -> str:
        words = self.style.words
        names = {each: getattr(words, each.lower()) for each in self.letters}
        return ", ".join(f"{letter} = {names[each]}" for each, letter in self.letters.items())

    def table(self, since: datetime.date, to: datetime.date, names: Mapping[str, str]) -> Table | None:
        """The days from one to another of the same month in which anything was expected; None where nothing was."""
        days = sorted({day for _, day in self.marks if since.isoformat() <= day <= to.isoformat()})
        if not days:
            return None
        columns = [Column(self.style.words.student)]
        columns += [Column(str(int(day[-2:])), 7, Align.CENTER) for day in days]
        rows: list[list[Content]] = [
            [name, *(self._cell(self.marks.get((key, day), ())) for day in days)] for key, name in names.items()
        ]
        return Table(columns, rows)

    def _cell(self, outcomes: Sequence[str]) -> Content:
        text = "/".join(self.letters[each] for each in dict.fromkeys(outcomes)) if outcomes else ""
        return Cell(text, Tone.STRONG if set(outcomes) & TONES.keys() else Tone.PLAIN)
