"""A file kept outside the database (photo, logo): what it is and where its bytes are."""

from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, LargeBinary, Text, UniqueConstraint, cast, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, short
from models.computed import computed


class StoredFile(Record):
    __tablename__ = "stored_file"

    name: Mapped[str] = short(200, comment="Name under which a browser saves it")
    content_type: Mapped[str] = short(100, comment="Media type, found from the content")
    size: Mapped[int] = mapped_column(comment="Size in bytes")
    width: Mapped[int | None] = mapped_column(comment="Width of a picture in pixels")
    height: Mapped[int | None] = mapped_column(comment="Height of a picture in pixels")
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the content")
    location: Mapped[str] = short(500, comment="Key of the bytes in the file store")

    @computed("Where the bytes are, as a path on the API's server, for whoever sees the file: `/files/12`")
    def url(self: Any) -> ColumnElement[Any]:
        return func.concat("/files/", cast(self.id, Text))

    __table_args__ = (
        UniqueConstraint("institution_id", "location"),
        CheckConstraint("size >= 0", name="size_positive"),
        CheckConstraint("width > 0 AND height > 0", name="pixels_positive"),
        {"comment": "A file kept in the file store, such as a photo or a logo."},
    )
