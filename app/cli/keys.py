"""`python -m app keys`: the keys that national ids and health notes are sealed with, made, counted and changed.

To change the key while servers run: give all of them the new key behind the old one and restart them, then the new one
first and restart them, then `rotate`; when `status` counts nothing under the old key, take it away. With one server the
first step can be left out. The key of the blind index is changed alike: the new one as SCHOOLGRAPH_BLIND_INDEX_KEY, the
old one as SCHOOLGRAPH_FORMER_BLIND_INDEX_KEY, then `rotate`, then the former one goes.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console

from app.cli.database import prepare
from app.importing.progress import steps_on
from app.key_file import load_keys
from app.keys import LARGEST_ID, KeyTexts, new_key
from app.places import DatabaseError
from app.postgres import cluster
from app.rotation import Rotated, Rotation
from app.sealed_tables import NEITHER, InUse, indexed, keys_in_use
from app.settings import Settings, environment_name
from app.urls import Urls, asyncpg_url
from resolvers.errors import NotFound
from resolvers.sealing import Keys, Sealer

commands = typer.Typer()
keys = typer.Typer(help="The keys that national ids and health notes are sealed with.")
commands.add_typer(keys, name="keys")
Institution = Annotated[str | None, typer.Option(help="Code of one school; without it all of them.")]


@contextlib.asynccontextmanager
async def _as_owner(urls: Urls) -> AsyncIterator[Any]:
    if urls.owner is None:
        raise DatabaseError("DATABASE_OWNER_URL is not set: sealed values are read as the owner of the tables")
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        yield connection
    finally:
        await connection.close()


async def _institution(connection: Any, code: str | None) -> int | None:
    if code is None:
        return None
    found: int | None = await connection.fetchval("SELECT id FROM institution WHERE code = $1", code)
    if found is None:
        raise NotFound(f"institution: there is no school with the code {code}", field="institution")
    return found


@keys.command()
def generate(
    id: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_ID, help="Only a sealing key with this id, to stand beside those there are."),
    ] = None,
) -> None:
    """Print new keys as settings. They are shown once: keep them where the database is not."""
    if id is not None:
        typer.echo(f"{id}:{new_key()}")
        return
    for name, text in KeyTexts(f"1:{new_key()}", new_key(), None).given():
        typer.echo(f"{environment_name(name)}={text}")


@keys.command()
def status(institution: Institution = None) -> None:
    """Count the sealed values by their keys; leaves with 1 where a key is in use that is not known."""
    settings = Settings()
    known = load_keys(settings)
    with cluster(settings) as urls:
        prepare(urls)
        found, hashes = asyncio.run(_count(urls, known, institution))
    for key_id in sorted({*known.sealing, *(each.key_id for each in found)}):
        typer.echo(f"key {key_id}, {_state(key_id, known)}: {_counts(found, key_id)}")
    for name, count in sorted(hashes.items()):
        typer.echo(f"blind index: {count:,} under {name}")
    if hashes[NEITHER] or _unknown(found, known):
        raise typer.Exit(1)


async def _count(urls: Urls, known: Keys, institution: str | None) -> tuple[list[InUse], Counter[str]]:
    """The hashes only while their key is being changed: each value must be opened to know its hash's key."""
    sealer, hashes = Sealer(known), Counter[str]()
    async with _as_owner(urls) as connection:
        institution_id = await _institution(connection, institution)
        found = await keys_in_use(connection, institution_id)
        if sealer.indexing_anew and not _unknown(found, known):
            hashes = await indexed(connection, sealer, institution_id)
    return found, hashes


def _unknown(found: list[InUse], known: Keys) -> bool:
    return any(each.key_id not in known.sealing for each in found)


def _state(key_id: int, known: Keys) -> str:
    if key_id not in known.sealing:
        return "NOT KNOWN"
    return "current" if key_id == next(iter(known.sealing)) else "known"


def _counts(found: list[InUse], key_id: int) -> str:
    counts = [f"{each.count:,} of {each.table}.{each.column}" for each in found if each.key_id == key_id]
    return ", ".join(counts) or "nothing"


@keys.command()
def rotate(institution: Institution = None) -> None:
    """Seal anew what was sealed with another key than the current one, and index anew; the server goes on serving.

    It can be stopped, and goes on where it was. Leaves with 1 where a value could not be opened or stands twice.
    """
    settings = Settings()
    sealer = Sealer(load_keys(settings))
    with cluster(settings) as urls:
        prepare(urls)
        rotated = asyncio.run(_rotate(urls, sealer, institution))
    for name, count in sorted(rotated.sealed.items()):
        typer.echo(f"{count:,} of {name} sealed anew with key {sealer.current}")
    if rotated.indexed:
        typer.echo(f"{rotated.indexed:,} indexed anew")
    if not rotated.sealed and not rotated.indexed:
        typer.echo("Nothing to do.")
    for problem in rotated.problems:
        typer.echo(problem)
    if rotated.problems:
        raise typer.Exit(1)


async def _rotate(urls: Urls, sealer: Sealer, institution: str | None) -> Rotated:
    async with _as_owner(urls) as connection:
        found = await _institution(connection, institution)
        with steps_on(Console(stderr=True)) as steps:
            return await Rotation(connection, sealer, found).run(steps)
