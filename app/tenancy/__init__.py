"""Proof before serving that the server's role meets each school's rows only through row-level security.

`roles` asks what the role is and may become, `tables` what guards the rows, `functions` what runs as somebody else.
Each question is a statement whose rows are sentences that name the object at fault; no row, nothing at fault.
"""

from app.tenancy.check import TenancyError, findings, prove

__all__ = ["TenancyError", "findings", "prove"]
