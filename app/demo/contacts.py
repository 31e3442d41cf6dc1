"""Phone numbers and e-mail addresses that reach nobody."""

from itertools import count


class Contacts:
    """Phones and e-mail addresses, each given out once, that reach nobody.

    Mobile numbers of India begin with 6 to 9 and ours with 5; `.example` is reserved for examples.
    """

    def __init__(self, start: int) -> None:
        self._mobiles = count(start)
        self._mailboxes = count(1)

    def mobile(self) -> str:
        # An odd factor that 5 does not divide runs through all numbers of nine digits before one comes again.
        return f"5{next(self._mobiles) * 618_033_989 % 1_000_000_000:09}"

    def email(self, first: str, last: str) -> str:
        name = f"{first}.{last}".lower().replace("'", "").replace(" ", "")
        return f"{name}{next(self._mailboxes)}@mail.example"
