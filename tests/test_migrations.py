"""A migration that has been applied somewhere is never changed: its checksum stands in `alembic/checksums.txt`.

A new one is added there by `cd alembic/versions && sha256sum *.py > ../checksums.txt`.
"""

import hashlib

import pytest

from app.settings import ROOT

pytestmark = pytest.mark.any_database

ALEMBIC = ROOT / "alembic"


def test_migrations_are_those_that_were_written_down() -> None:
    lines = [line.split() for line in (ALEMBIC / "checksums.txt").read_text().splitlines()]
    known = {name: checksum for checksum, name in lines}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ALEMBIC / "versions").glob("*.py")}

    assert found == known
