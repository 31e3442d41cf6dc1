"""The scale of marks of a school that an import makes: that of its line items, where they all have the same."""

from decimal import Decimal

from app.importing.run import Run
from app.importing.settings_of import set_setting


def plain(value: Decimal) -> str:
    """Without trailing zeros: 20, not 20.0000."""
    return format(value.normalize(), "f")


async def set_scale(run: Run) -> None:
    """Bounds from the line items, the pass mark in the middle, as it is in the scale that a school starts with."""
    rows = await run.fetch(
        "SELECT DISTINCT l.resultvaluemin, l.resultvaluemax FROM s_lineitems l JOIN t_line t ON t.item = l.sourcedid"
        " WHERE t.school = :org AND NOT l.bad AND NOT l.gone"
    )
    if len(rows) != 1 or None in tuple(rows[0]) or rows[0][1] <= rows[0][0]:
        return
    low, high = rows[0]
    await set_setting(run, "GRADE_SCALE_MIN", plain(low))
    await set_setting(run, "GRADE_SCALE_MAX", plain(high))
    await set_setting(run, "PASS_MARK", plain((low + high) / 2))
