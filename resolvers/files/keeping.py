"""Rows of files and their bytes in the store, so that there are never the ones without the others for long.

The bytes are written before the row is committed, and removed after its removal is. In between, and where a
transaction rolls back, they are there without a row: `settle` removes what no row tells of, once the transaction is
over either way. Whoever writes or removes under a location holds its lock, so nothing is removed that somebody else is
just about to point to. Where a process is killed in between, or a store does not hear that it was told to stop, bytes
are left that nobody can ask for: `sweep` removes them, unless they are so many that the database may be another's.
"""

import datetime
import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolProfile, StoredFile, Student, User
from resolvers.files.picture import Picture
from resolvers.files.store import FileStore, Unsettled
from resolvers.unit_of_work import Change

TIMEOUT = 30.0
# Files of a school without a row that may well have been left behind, whatever share of its files they are.
FEW = 10
Writing = Callable[[int, float], AbstractAsyncContextManager[AsyncSession]]


class Strange(Exception):
    """Most of a school's files in the store are unknown to the database: the two may not belong together."""

    def __init__(self, unknown: int, total: int) -> None:
        super().__init__(f"{unknown} of {total} files in the store are unknown to this database")


async def keep(change: Change, store: FileStore, picture: Picture, name: str) -> int:
    """The key of the file with this content, which is the school's only one; `name` is that of a new one."""
    digest = hashlib.sha256(picture.content)
    location = f"{change.institution_id}/{digest.hexdigest()}"
    await _lock(change.session, location)
    known = await change.session.scalar(select(StoredFile.id).where(_at(change.institution_id, location)))
    if known is not None:
        return known
    change.unit.unsettled.append(Unsettled(change.institution_id, location))
    await store.put(location, picture.content, picture.content_type)
    row = StoredFile(
        institution_id=change.institution_id,
        name=f"{name}.{picture.extension}",
        content_type=picture.content_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
        sha256=digest.digest(),
        location=location,
    )
    change.session.add(row)
    await change.session.flush()
    return row.id


async def drop(change: Change, key: int) -> None:
    """Nobody points to the file any more, as far as the caller does: it goes, unless somebody else does."""
    row = await change.session.get_one(StoredFile, (change.institution_id, key))
    await _lock(change.session, row.location)
    if not await change.session.scalar(select(_pointed_to(change.institution_id, key))):
        change.unit.unsettled.append(Unsettled(change.institution_id, row.location))
        await change.session.delete(row)
        await change.session.flush()


async def settle(writing: Writing, store: FileStore, left: Unsettled) -> bool:
    """Remove the bytes unless a row tells of them; gives whether they were removed."""
    async with writing(left.institution_id, TIMEOUT) as session:
        await _lock(session, left.location)
        if await session.scalar(select(StoredFile.id).where(_at(left.institution_id, left.location))) is not None:
            return False
        await store.remove(left.location)
        return True


async def sweep(
    writing: Writing,
    store: FileStore,
    institution_id: int,
    before: datetime.datetime,
    *,
    dry_run: bool = False,
    strange: bool = False,
) -> int:
    """Remove a school's bytes of which no row tells, put before an instant; gives how many files they were.

    Raises Strange, and removes nothing, where they are more than a few and most of what there is, unless `strange`
    ones are to go too. A location alone does not tell whose it is: schools have the same keys in every deployment.
    """
    async with writing(institution_id, TIMEOUT) as session:
        rows = await session.scalars(select(StoredFile.location).where(StoredFile.institution_id == institution_id))
        known = set(rows)
    left = [location async for location in store.left(institution_id, before)]
    unknown = [location for location in left if location not in known]
    if not strange and len(unknown) > FEW and 2 * len(unknown) > len(left):
        raise Strange(len(unknown), len(left))
    if dry_run:
        return len(unknown)
    return sum([await settle(writing, store, Unsettled(institution_id, location)) for location in unknown])


async def _lock(session: AsyncSession, location: str) -> None:
    """Until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(location, 0))))


def _at(institution_id: int, location: str) -> ColumnElement[bool]:
    return (StoredFile.institution_id == institution_id) & (StoredFile.location == location)


def _pointed_to(institution_id: int, key: int) -> ColumnElement[bool]:
    owners = (Student, Student.photo_id), (User, User.photo_id), (SchoolProfile, SchoolProfile.logo_id)
    return or_(
        *(
            select(owner.id).where(owner.institution_id == institution_id, column == key).exists()
            for owner, column in owners
        )
    )
