"""Days as a school's people write them: by its setting DATE_FORMAT, beside the form of the API."""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache

SETTING = "DATE_FORMAT"
_OF_API = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_REMEMBERED = 4096
# Months that are names, and years of two digits, are not read.
_DAY, _MONTH = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})"
_PARTS = {"d": _DAY, "dd": _DAY, "M": _MONTH, "MM": _MONTH, "yyyy": "(?P<year>[0-9]{4})"}


def day_reader(form: str) -> Callable[[str], datetime.date]:
    """What reads a day as YYYY-MM-DD or, if its parts are numbers, in a form such as dd-MM-yyyy; raises ValueError."""
    parts = re.findall("[dMy]+", form)
    numbers = sorted(part[0] for part in parts) == ["M", "d", "y"] and all(part in _PARTS for part in parts)
    pattern = "".join(_PARTS.get(part, re.escape(part)) for part in re.split("([dMy]+)", form)) if numbers else "(?!)"
    forms = f"YYYY-MM-DD or {form}" if numbers else "YYYY-MM-DD"
    known = [re.compile(each) for each in (_OF_API, pattern)]

    # The days of a file are few beside its rows.
    @lru_cache(maxsize=_REMEMBERED)
    def read(text: str) -> datetime.date:
        found = next((match for each in known if (match := each.fullmatch(text))), None)
        try:
            if not found:
                raise ValueError(text)
            return datetime.date(*(int(found[part]) for part in ("year", "month", "day")))
        except ValueError:
            raise ValueError(f"is not a day in the form {forms}") from None

    return read
