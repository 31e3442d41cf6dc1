"""The link of a student and a guardian, with what holds between them."""

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers, short


class GuardianRelation(Choice):
    FATHER = "FATHER", "Father."
    MOTHER = "MOTHER", "Mother."
    GUARDIAN = "GUARDIAN", "Guardian."
    STEPFATHER = "STEPFATHER", "Stepfather."
    STEPMOTHER = "STEPMOTHER", "Stepmother."
    GRANDPARENT = "GRANDPARENT", "Grandparent."
    SIBLING = "SIBLING", "Grown-up brother or sister."
    AUNT_UNCLE = "AUNT_UNCLE", "Aunt or uncle."
    FOSTER_PARENT = "FOSTER_PARENT", "Foster parent."
    RELATIVE = "RELATIVE", "Another relative."
    OTHER = "OTHER", "Another relation."
    UNKNOWN = "UNKNOWN", "Not known."


class StudentGuardian(Record):
    __tablename__ = "student_guardian"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    guardian_id: Mapped[int] = mapped_column(BigInteger, comment="The guardian")
    relation: Mapped[GuardianRelation] = enum(GuardianRelation, comment="What the guardian is to the student")
    legal_guardian: Mapped[bool] = mapped_column(server_default=text("false"), comment="Holds legal custody")
    lives_with: Mapped[bool] = mapped_column(server_default=text("false"), comment="The student lives with them")
    emergency_contact: Mapped[bool] = mapped_column(server_default=text("false"), comment="To be called in emergencies")
    contact_priority: Mapped[int] = mapped_column(
        server_default=text("1"), comment="Whom to contact first: 1 comes before 2"
    )
    may_access_records: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="May see the student's records when signed in"
    )
    contact_restriction: Mapped[str | None] = short(500, comment="A court's or the school's limit on contact")
    consents_to_messages: Mapped[bool | None] = mapped_column(comment="Agreed to receive messages; null: not asked")
    consents_to_photos: Mapped[bool | None] = mapped_column(comment="Agreed to photos of the child; null: not asked")

    __table_args__ = (
        UniqueConstraint("institution_id", "student_id", "guardian_id"),
        refers("student_id", "student", cascade=True),
        refers("guardian_id", "guardian", cascade=True),
        index("guardian_id"),
        index("updated_at"),
        CheckConstraint("contact_priority BETWEEN 1 AND 99", name="contact_priority_range"),
        {"comment": "What a guardian is to a student, and what they may do (Ed-Fi: StudentContactAssociation)."},
    )
