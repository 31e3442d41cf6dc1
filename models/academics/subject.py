"""What is taught: mathematics, biology …"""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Record, index, searched, short, trigram_index


class Subject(Record):
    __tablename__ = "subject"

    name: Mapped[str] = short(100, comment="Name of the subject")
    code: Mapped[str | None] = short(50, comment="Short code, for example MAT")
    search_text: Mapped[str] = searched("name", "code")

    __table_args__ = (
        UniqueConstraint("institution_id", "name"),
        index("code"),
        index("updated_at"),
        trigram_index("subject"),
        {"comment": "A discipline that is taught (Ed-Fi: AcademicSubject)."},
    )
