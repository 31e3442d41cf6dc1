"""A file kept outside the database (photo, logo): what it is and where its bytes are."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, short


class StoredFile(Record):
    __tablename__ = "stored_file"

    name: Mapped[str] = short(200, comment="File name as uploaded")
    content_type: Mapped[str] = short(100, comment="Media type, found from the content")
    size: Mapped[int] = mapped_column(comment="Size in bytes")
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the content")
    location: Mapped[str] = short(500, comment="Key of the bytes in the file store")

    __table_args__ = (
        UniqueConstraint("institution_id", "location"),
        CheckConstraint("size >= 0", name="size_positive"),
        {"comment": "A file kept in the file store, such as a photo or a logo."},
    )
