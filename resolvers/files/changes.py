"""Setting and taking away photos and the logo."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from models import SchoolProfile, Student, User
from models.base import Record
from resolvers.context import Context
from resolvers.files.keeping import drop, keep
from resolvers.files.picture import Picture, check_bytes, picture
from resolvers.files.store import FileStore
from resolvers.unit_of_work import Change, in_use
from resolvers.upload import Upload


class Pictures:
    """The picture of a kind of records; `field` is the input's that brings it, `topic` what events call the record."""

    def __init__(self, model: type[Record], topic: str, column: str, field: str) -> None:
        self.model = model
        self.topic = topic
        self.column = column
        self.field = field

    async def set(self, context: Context, *, id: int, version: int, **given: Upload) -> int:
        """Give a record the picture that was uploaded, in place of the one that it has; gives the record's key.

        Raises Invalid where it is none or too large, NotFound, and Conflict on another version.
        """
        upload = given[self.field]
        check_bytes(upload.size, self.field)
        content = await upload.read()
        found = await asyncio.to_thread(picture, content, self.field)
        return await self._point(context, id, version, f"set_{self.field}", partial(self._kept, context, found))

    async def clear(self, context: Context, *, id: int, version: int) -> int:
        """Take the picture away; gives the record's key."""
        return await self._point(context, id, version, f"clear_{self.field}", _nothing)

    async def _kept(self, context: Context, found: Picture, change: Change) -> int:
        return await keep(change, store_of(context), found, self.field)

    async def _point(
        self, context: Context, key: int, version: int, verb: str, file: Callable[[Change], Awaitable[int | None]]
    ) -> int:
        async with context.change(f"{self.topic}.{verb}", id=key) as change:
            row: Any = in_use(await change.one(self.model, key, version=version))
            before = getattr(row, self.column)
            after = await file(change)
            if before == after:
                change.withdraw()
                return key
            setattr(row, self.column, after)
            await change.session.flush()
            if before is not None:
                await drop(change, before)
            change.publish(self.topic, key, {"action": verb, "id": key})
        return key


async def _nothing(_: Change) -> None:
    return None


def store_of(context: Context) -> FileStore:
    if context.services.files is None:
        raise RuntimeError("there is no store of files")
    return context.services.files


STUDENT_PHOTOS = Pictures(Student, "student", "photo_id", "photo")
USER_PHOTOS = Pictures(User, "user", "photo_id", "photo")
LOGOS = Pictures(SchoolProfile, "school_profile", "logo_id", "logo")
