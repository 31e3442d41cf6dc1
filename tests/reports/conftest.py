"""Fixtures of the reports' tests."""

import pytest

from tests.conftest import School
from tests.database import OneConnection
from tests.reports.marks_reader import Reader


@pytest.fixture
def reader(connections: OneConnection, school: School) -> Reader:
    return Reader(connections, school)
