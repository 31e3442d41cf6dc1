"""Where an operation comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """The program that sent an operation, as far as it can be known.

    `address` is the network address, `user_agent` what the program calls itself; None where it is not known. `cookies`
    is whether a session may be kept in a cookie: only for the pages that this server trusts.
    """

    address: str | None = None
    user_agent: str | None = None
    cookies: bool = False
