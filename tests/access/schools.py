"""A staged school as plain rows, and who looks at it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import Base, Institution, Role, User
from resolvers.viewer import Viewer
from schema.node import identity
from tests.schema_map import entities
from tests.world import World

Line = dict[str, Any]


@dataclass(frozen=True)
class Persona:
    """Who looks: the roles held, and the number of the user."""

    name: str
    roles: frozenset[Role]
    user: int


def _persona(name: str, user: int, *roles: Role) -> Persona:
    return Persona(name, frozenset(roles), user)


PERSONAS = [
    _persona("SUPERADMIN", 0, Role.SUPERADMIN),
    _persona("ADMIN", 0, Role.ADMIN),
    _persona("REGISTRAR", 1, Role.REGISTRAR),
    _persona("REPORTER", 2, Role.REPORTER),
    _persona("TEACHER", 3, Role.TEACHER),
    _persona("GUARDIAN", 5, Role.GUARDIAN),
    _persona("STUDENT", 6, Role.STUDENT),
    _persona("teacher and guardian", 7, Role.TEACHER, Role.GUARDIAN),
    _persona("teacher, guardian and student", 3, Role.TEACHER, Role.GUARDIAN, Role.STUDENT),
    _persona("registrar and guardian", 5, Role.REGISTRAR, Role.GUARDIAN),
    _persona("nobody", 8),
]


@dataclass(frozen=True)
class School:
    """Rows by model, as the tables have them; `ids` are what clients know them by."""

    world: World
    rows: dict[type[Base], list[Line]] = field(repr=False)

    def viewer(self, persona: Persona) -> Viewer:
        user = self.world.ids["app_user"][persona.user]
        return Viewer(user, self.world.institution_id, persona.roles, ZoneInfo("Asia/Kolkata"), 0)

    def user(self, persona: Persona) -> int:
        """The key of the persona's account."""
        key: int = self.world.ids[User.__tablename__][persona.user]
        return key

    def of(self, model: type[Base], holds: Callable[[Line], Any] = lambda row: True) -> Iterator[Line]:
        return (row for row in self.rows[model] if holds(row))

    def gid(self, model: type[Base], row: Line) -> str:
        return identity(model).encode(SimpleNamespace(**row))

    def gids(self, model: type[Base]) -> list[str]:
        return [self.gid(model, row) for row in self.rows[model]]


async def read_school(connection: AsyncConnection, world: World) -> School:
    found: dict[type[Base], list[Line]] = {}
    for model in entities():
        table: Any = model.__table__
        assert isinstance(table, Table)
        tenant = table.c.id if model is Institution else table.c.institution_id
        lines = await connection.execute(select(table).where(tenant == world.institution_id).order_by(table.c.id))
        found[model] = [dict(line) for line in lines.mappings()]
    return School(world, found)
