"""Whether the keys of this process are those of the database: found out at the start, not by the first who reads."""

import asyncpg

from app.sealed_tables import samples
from app.settings import SettingsError
from app.urls import asyncpg_url
from resolvers.sealing import Keys, Sealer


async def key_findings(owner_url: str, keys: Keys) -> list[str]:
    """What is wrong with the keys; empty where nothing is."""
    connection = await asyncpg.connect(asyncpg_url(owner_url))
    try:
        return await samples(connection, Sealer(keys))
    except asyncpg.UndefinedTableError:
        return ["there are no tables yet: `python -m app migrate` makes them"]
    finally:
        await connection.close()


async def check_keys(owner_url: str, keys: Keys) -> None:
    """Raises SettingsError where a value of the database does not fit the keys."""
    if found := await key_findings(owner_url, keys):
        raise SettingsError("\n".join(["The keys are not those of this database; the server does not start:", *found]))
