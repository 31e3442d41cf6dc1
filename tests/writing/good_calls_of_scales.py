"""Good calls about grading scales: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests import factories as make
from tests.writing.calls import Call, Input, new, on

BANDS = [
    {"letter": "A", "lowerBound": "60", "points": "4"},
    {"letter": "B", "lowerBound": "30"},
    {"letter": "F", "lowerBound": "1"},
]
VALUES: Input = {
    "name": "Percentages",
    "minScore": "1",
    "maxScore": "100",
    "passMark": "35",
    "roundingMode": "UP",
    "decimals": 1,
    "schoolDefault": True,
    "bands": BANDS,
}


async def _scale(session: AsyncSession, school: Any) -> Any:
    scale = await make.create_grading_scale(session, school)
    await make.create_band(session, scale)
    await make.create_band(session, scale, letter="B", lower_bound=0)
    return scale


CALLS_OF_SCALES: Mapping[str, Call] = {
    "createGradingScale": new(**VALUES),
    "updateGradingScale": on(_scale, **VALUES),
    "deleteGradingScale": on(_scale),
}
