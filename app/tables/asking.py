"""An HTTP request to /export → what is to be exported and how, or a Refusal that says what is wrong with it.

    POST application/json                    {"query": …, "variables": …, "operationName": …, "format": "xlsx", …}
    POST application/x-www-form-urlencoded   the same as a page's form sends it; `variables` is JSON
    GET  ?query=…&format=csv                 the same, for who follows a link

A form, and a link of the server's own pages, bring the session cookie, so that the browser itself saves the file. Who
has a token in place of the cookie puts it into the form's field `token`. No link carries the right to export: links
are kept by histories, logs and proxies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.calls import ALLOWED_METHODS, Call, body_of, call_of, json_of
from app.failures import Refusal
from app.status import Outcome
from schema.tables.shape import Lists

JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
_OF_GRAPHQL = {"query", "operationName", "variables", "extensions"}
_OPTIONS = {"format", "lists", "bom", "delimiter", "filename"}
MOST_FIELDS = 20


class Format(Enum):
    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.NDJSON: "application/x-ndjson",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Delimiter(Enum):
    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"

    @property
    def sign(self) -> str:
        return {"comma": ",", "semicolon": ";", "tab": "\t"}[self.value]


@dataclass(frozen=True)
class Asked:
    """`token` is who asks, where a form brings it in place of a header or a cookie."""

    call: Call
    format: Format = Format.CSV
    lists: Lists | None = None
    delimiter: Delimiter = Delimiter.COMMA
    bom: bool = False
    filename: str | None = None
    token: str | None = None


async def read_asked(request: Request, *, max_bytes: int) -> Asked:
    """Read a request by GET or POST, whose body has at most `max_bytes`."""
    if request.method == "GET":
        return asked_of(_once(request.query_params.multi_items()))
    if request.method != "POST":
        raise Refusal.of(Outcome.METHOD, f"{request.method} is not served here", headers=ALLOWED_METHODS)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == JSON_TYPE:
        found = json_of(await body_of(request, max_bytes), "The body")
        return _asked(found, _OPTIONS)
    if kind != FORM_TYPE:
        message = f"The content type must be `{JSON_TYPE}` or `{FORM_TYPE}`, not `{kind}`"
        raise Refusal.of(Outcome.MEDIA_TYPE, message, headers={"accept": f"{JSON_TYPE}, {FORM_TYPE}"})
    return _asked(_unfolded(_once(_fields(await body_of(request, max_bytes)))), {*_OPTIONS, "token"})


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Refusal.of(Outcome.MALFORMED, f"The form cannot be read: {error}") from None


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Refusal.of(Outcome.MALFORMED, f"`{name[:MOST_FIELDS]}` is given twice")
        found[name] = value
    return found


def _unfolded(found: Mapping[str, str]) -> dict[str, Any]:
    """What a form or a URL says; what it leaves empty it does not say."""
    given: dict[str, Any] = {name: value for name, value in found.items() if value != ""}
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = json_of(given[name].encode(), f"`{name}`")
    return given


def asked_of(said: Mapping[str, str]) -> Asked:
    """What is said in plain texts, as a URL does; raises Refusal."""
    return _asked(_unfolded(said), _OPTIONS)


def _asked(found: Any, options: set[str]) -> Asked:
    if not isinstance(found, dict):
        return Asked(call_of(found))
    unknown = sorted(found.keys() - _OF_GRAPHQL - options)
    if unknown:
        names = ", ".join(sorted(options - {"token"}))
        raise Refusal.of(Outcome.MALFORMED, f"`{unknown[0][:40]}` is no option of an export; there are {names}")
    call = call_of({name: value for name, value in found.items() if name in _OF_GRAPHQL})
    asked = Asked(
        call,
        _choice(found, "format", Format) or Format.CSV,
        _choice(found, "lists", Lists),
        _choice(found, "delimiter", Delimiter) or Delimiter.COMMA,
        _yes(found, "bom"),
        _text(found, "filename"),
        _text(found, "token"),
    )
    _check_for_format(found, asked.format)
    return asked


def _check_for_format(found: Mapping[str, Any], chosen: Format) -> None:
    meant = {"lists": (Format.CSV, Format.XLSX), "delimiter": (Format.CSV,), "bom": (Format.CSV,)}
    for name, formats in meant.items():
        if found.get(name) is not None and chosen not in formats:
            raise Refusal.of(Outcome.MALFORMED, f"`{name}` means nothing for the format {chosen.name}")


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal.of(Outcome.MALFORMED, f"`{name}` must be a string")
    return value


Choice = TypeVar("Choice", bound=Enum)


def _choice(found: Mapping[str, Any], name: str, kind: type[Choice]) -> Choice | None:
    text = _text(found, name)
    if text is None:
        return None
    by_name: dict[str, Choice] = {each.name.lower(): each for each in kind}
    if text.lower() not in by_name:
        names = ", ".join(by_name)
        raise Refusal.of(Outcome.MALFORMED, f"`{name}` is `{text[:40]}`, and must be one of {names}")
    return by_name[text.lower()]


def _yes(found: Mapping[str, Any], name: str) -> bool:
    value = found.get(name)
    known = {None: False, True: True, False: False, "true": True, "false": False}
    if not isinstance(value, bool | str | None) or value not in known:
        raise Refusal.of(Outcome.MALFORMED, f"`{name}` must be true or false")
    return known[value]
