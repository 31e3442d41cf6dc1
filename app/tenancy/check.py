"""Runs the questions as the role that is asked about, and refuses where one has an answer."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from app.places import DatabaseError
from app.tenancy.functions import FUNCTIONS
from app.tenancy.roles import ROLES
from app.tenancy.tables import TABLES
from app.urls import asyncpg_url

# Reads for reports, over its own connections too: it is held to the same wherever it exists.
READER = "schoolgraph_read"
TENANT_IS_SET = (
    "SELECT format('app.institution_id is %L before anybody has set it: take it out of the settings of the role %I,"
    " of the database or of the server', current_setting('app.institution_id', true), session_user)"
    " WHERE nullif(current_setting('app.institution_id', true), '') IS NOT NULL"
)


class TenancyError(DatabaseError):
    """One school could see another's rows; each line names the object at fault."""


async def findings(connection: "asyncpg.Connection[Any]") -> list[str]:
    """What would let the connection's role, or the reading role, past row-level security; empty where nothing does."""
    async with connection.transaction(readonly=True):
        found = [row[0] for row in await connection.fetch(TENANT_IS_SET)]
        # With nothing else in the path every name outside the catalogue is shown with its schema.
        await connection.execute("SET LOCAL search_path = pg_catalog")
        asked = await connection.fetch("SELECT rolname FROM pg_roles WHERE rolname IN (session_user, $1)", READER)
        for role in sorted(row[0] for row in asked):
            found += await _of_role(connection, role)
    return list(dict.fromkeys(found))


async def _of_role(connection: "asyncpg.Connection[Any]", role: str) -> list[str]:
    """A role that is too powerful for all of them has an answer to every question: those about it itself are enough."""
    found: list[str] = []
    for questions in (ROLES, (*TABLES, *FUNCTIONS)):
        for question in questions:
            found += [row[0] for row in await connection.fetch(question, role)]
        if found:
            break
    return found


async def prove(urls: Iterable[str]) -> None:
    """Raises TenancyError unless all of these connections are bound to row-level security."""
    found: list[str] = []
    for url in urls:
        connection = await asyncpg.connect(asyncpg_url(url))
        try:
            found += [each for each in await findings(connection) if each not in found]
        finally:
            await connection.close()
    if found:
        raise TenancyError("\n".join(["One school could see the rows of another; the server does not start:", *found]))
