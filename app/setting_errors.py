"""What is wrong with settings, told by their names in the environment: a line for each."""

import difflib
import os
from collections.abc import Callable, Iterable, Mapping

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsError as UnreadableError

Fields = Mapping[str, FieldInfo]
Name = Callable[[str], str]


def unknown_names(environment: Iterable[str], prefix: str, known: list[str]) -> list[str]:
    """A misspelt setting would otherwise be silently without effect."""
    lines = []
    for name in sorted(environment):
        if name.startswith(prefix) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name} is no setting" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def explained(error: ValidationError, fields: Fields, named: Name) -> list[str]:
    """Each with its value, where that is no secret."""
    by_alias = {named(field): field for field in fields}
    lines = []
    for each in error.errors(include_url=False):
        message = each["msg"].removeprefix("Value error, ")
        if not each["loc"]:
            lines.append(message)
            continue
        place = str(each["loc"][0])
        field = by_alias.get(place, place)
        name = named(field) if field in fields else field
        # A database URL holds a password.
        value = "" if field in fields and not fields[field].repr else f"={each['input']}"
        lines.append(f"{name}{value}: {message}")
    return lines


def unreadable(error: UnreadableError, fields: Fields, named: Name) -> str:
    """A list that is not JSON. The library tells the field inside its sentence only."""
    name = next(named(field) for field in fields if f'"{field}"' in str(error))
    return f'{name}={os.environ.get(name)}: not JSON, such as ["a", "b"]'
