"""Deleting a report card, which only a draft is."""

from models import ReportCard, ReportCardState
from resolvers.errors import Checks, Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records


async def _leaving(_: Change, row: ReportCard, checks: Checks) -> None:
    if row.state is not ReportCardState.DRAFT:
        checks.errors.append(
            Conflict(f"id: the report card is {row.state.value}: only a draft is deleted", field="id", record=row.id)
        )


REPORT_CARDS = Records(ReportCard, leaving=_leaving)
