"""Fixtures: the application over the worlds, as every role."""

from typing import Any

import pytest

from models import Role
from tests.tables.exporting import Apart, Asker, Door
from tests.worlds import Worlds


@pytest.fixture
def asker(worlds: Worlds) -> Asker:
    return asking(worlds)


def asking(worlds: Worlds, **settings: Any) -> Asker:
    """Tokens are roles in small letters; their users are those of row 3, to whom rows 3 of all tables belong."""
    user_id = worlds.ours.ids["app_user"][3]
    viewers = {role.value.lower(): worlds.viewer(role, user_id=user_id) for role in Role}
    return Asker(Door(Apart(worlds.database), viewers), **{"export_part_rows": 7, **settings})
