"""Where an operator may act besides the own institution."""

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, index, refers


class UserInstitution(Tenant):
    __tablename__ = "user_institution"

    user_id: Mapped[int] = mapped_column(BigInteger, comment="The operator")
    acting_institution_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("institution.id"), comment="Institution they may act in"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "user_id", "acting_institution_id"),
        refers("user_id", "app_user", cascade=True),
        index("acting_institution_id"),
        {"comment": "An institution in which an operator may act."},
    )
