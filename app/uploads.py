"""A request that brings files, by the GraphQL multipart request specification: `multipart/form-data` with the parts

    operations   the request as JSON, with null where a file goes
    map          which file goes where: {"0": ["variables.input.file"]}
    0, …         the files, under the names that the map has

in this order. It is read for those who have signed in only, and as far as their school allows; a file is on disk, and
not in memory, from a megabyte on.
"""

from dataclasses import replace
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from app.calls import PREFLIGHT_HEADERS, Call, call_of, json_of, read_body
from app.failures import Refusal
from app.form_parts import TEXTS, Parts, UploadBounds, malformed
from app.status import Outcome
from resolvers.upload import Upload

CONTENT_TYPE = "multipart/form-data"


def brings_files(request: Request) -> bool:
    """Whether to read a request here."""
    # Most requests are JSON, and to take the header apart costs time.
    if request.method != "POST" or "multipart" not in request.headers.get("content-type", "").lower():
        return False
    return _content_type(request)[0] == CONTENT_TYPE


def check_preflight(request: Request) -> None:
    """Raise Refusal where a page of somebody else's may have sent the form, with the browser's cookies."""
    if not any(name in request.headers for name in PREFLIGHT_HEADERS):
        raise Refusal.of(Outcome.MALFORMED, "A request with files needs the header `GraphQL-Require-Preflight: 1`")


async def read_files(request: Request, bounds: UploadBounds) -> Call:
    """The call of a request that brings files; whoever has it closes it."""
    boundary = _content_type(request)[1].get("boundary", "")
    if not boundary:
        raise Refusal.of(Outcome.MEDIA_TYPE, f"The content type `{CONTENT_TYPE}` names no boundary")
    parts = Parts(bounds)
    try:
        parser = MultipartParser(boundary, parts.callbacks)
        await read_body(request, parser.write, bounds.request, bounds.too_large)
        parser.finalize()
        if not parts.ended:
            raise malformed("The form has no end")
        return _put_together(parts)
    except FormParserError as error:
        parts.close()
        raise malformed(f"The form cannot be read: {error}") from None
    except BaseException:
        parts.close()
        raise


def _content_type(request: Request) -> tuple[str, dict[str, str]]:
    kind, options = parse_options_header(request.headers.get("content-type"))
    return kind.decode("latin-1"), {name.decode("latin-1"): text.decode("latin-1") for name, text in options.items()}


def _put_together(parts: Parts) -> Call:
    if len(parts.found) < len(TEXTS):
        raise malformed(f"`{TEXTS[len(parts.found)]}` is missing from the form")
    operations, places, *files = parts.found
    call = call_of(json_of(operations.read(), "`operations`"))
    uploads = {part.name: part.upload() for part in files}
    wanted = _places(json_of(places.read(), "`map`"))
    if missing := wanted.keys() - uploads.keys():
        raise malformed(f"`map` names a file that the form does not have: {min(missing)!r}")
    if strange := uploads.keys() - wanted.keys():
        raise malformed(f"`map` does not say where the file {min(strange)!r} goes")
    for name, paths in wanted.items():
        for path in paths:
            _place(call, path, uploads[name])
    for part in (operations, places):
        part.file.close()
    return replace(call, uploads=tuple(uploads.values()))


def _places(found: object) -> dict[str, list[str]]:
    if isinstance(found, dict) and all(_are_paths(paths) for paths in found.values()):
        return found
    raise malformed('`map` must be an object such as {"0": ["variables.file"]}')


def _are_paths(found: object) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(path, str) for path in found)


def _place(call: Call, path: str, upload: Upload) -> None:
    """Put a file where the variables have null for it."""
    above: Any = {"variables": call.variables}
    *steps, last = path.split(".")
    for step in steps:
        above = _below(above, step, path)
    if not steps or _below(above, last, path) is not None:
        raise malformed(f"`map` sends a file to {path!r}, where `operations` must have null among the variables")
    above[int(last) if isinstance(above, list) else last] = upload


def _below(above: Any, step: str, path: str) -> Any:
    if isinstance(above, dict) and step in above:
        return above[step]
    if isinstance(above, list) and step.isdecimal() and len(step) < 6 and int(step) < len(above):
        return above[int(step)]
    raise malformed(f"`map` sends a file to {path!r}, but `operations` has no such place")
