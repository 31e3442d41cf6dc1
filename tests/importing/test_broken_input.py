"""Files that must be refused: the diagnostic names the place, and not a row changes."""

from pathlib import Path

import pytest

from app.importing.oneroster import import_oneroster
from app.urls import Urls
from tests.importing.cases import Case
from tests.importing.conftest import checksums
from tests.importing.corpus import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_is_refused_and_changes_nothing(
    case: Case, filled_database: Urls, as_filled: dict[str, str], tmp_path: Path
) -> None:
    report = await import_oneroster(filled_database, case.build(tmp_path))
    found = [(each.code, each.file, each.line) for each in report.findings.errors]
    assert (case.code, case.file, case.line) in found
    assert len(found) == 1 or case.name in ("cycle of organisations", "cycle of sessions")
    assert await checksums(filled_database) == as_filled
