"""What is sent to people by e-mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """One message to one address, in plain text."""

    to: str
    subject: str
    text: str
