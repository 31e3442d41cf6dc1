"""Where a report card stands, in words at its foot: a draft, or one that holds, was taken back or replaced."""

from dataclasses import dataclass

from app.printing.published import Published
from app.printing.style import Style
from models import ReportCardState


@dataclass(frozen=True)
class Standing:
    style: Style

    def draft(self, before: Published | None) -> list[str]:
        """Of a card that is not handed out; `before` is one that was, and has been taken back."""
        return [self.style.words.draft, *([self._taken_back(before)] if before else [])]

    def of(self, card: Published) -> list[str]:
        """Of a card that was handed out."""
        words = self.style.words
        lines = [
            words.published.format(day=self.style.day(card.day), edition=card.edition),
            words.checksum.format(checksum=card.checksum),
        ]
        if card.state is ReportCardState.REOPENED:
            return [*lines, self._taken_back(card)]
        if card.state is ReportCardState.SUPERSEDED:
            return [*lines, words.superseded.format(edition=card.edition)]
        return [*lines, words.drifted.format(what=self._drifted(card))] if card.drift else lines

    def _taken_back(self, card: Published) -> str:
        published, back = self.style.day(card.day), self.style.day(card.taken_back) if card.taken_back else ""
        return self.style.words.taken_back.format(edition=card.edition, day=published, back=back)

    def _drifted(self, card: Published) -> str:
        """The subjects, and the other parts of the card, in which something is not as it was."""
        words = self.style.words
        parts = {
            "school": words.school,
            "student": words.student,
            "course": words.course,
            "semester": words.semester,
            "subjects": words.subject,
            "overall": words.overall,
            "attendance": words.attendance,
            "comments": words.comments,
            "scale": words.scale,
        }
        found: dict[str, dict[str, None]] = {}
        for each in card.drift:
            head = each["path"].split(".")[0]
            found.setdefault(head, {})[each["subject"]["name"] if each["subject"] else parts[head]] = None
        return ", ".join(name for head in parts for name in found.get(head, ()))
