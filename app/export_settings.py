"""The settings of exports, a part of `app.settings`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from app.setting_types import Count, Seconds
from models import Role

ROWS: Mapping[Role, int] = MappingProxyType(
    {
        Role.SUPERADMIN: 250_000,
        Role.ADMIN: 250_000,
        Role.REGISTRAR: 250_000,
        Role.REPORTER: 1_000_000,
        Role.TEACHER: 50_000,
        Role.GUARDIAN: 10_000,
        Role.STUDENT: 10_000,
    }
)


def _completed(given: dict[Role, int]) -> dict[Role, int]:
    return {**ROWS, **given}


class ExportSettings(BaseSettings):
    """What an export may take."""

    export_seconds: Seconds = Field(
        300,
        description="Time limit of an export, until its last byte is sent; it holds a connection for as long. Each of"
        " its statements has the time limit of a query.",
    )
    exports: Count = Field(
        3,
        description="Exports that run at once in each worker, one of each user or key; always less than POOL_MAX, so"
        " that they never have all connections.",
    )
    export_part_rows: Annotated[Count, Field(le=2000)] = Field(
        500, description="Rows of a list that an export reads at once; its memory grows with them, at most 2000."
    )
    export_rows: Annotated[dict[Role, Count], AfterValidator(_completed)] = Field(
        dict(ROWS),
        description='How many rows each role may export at once, as JSON: {"TEACHER": 20000}. Roles not named keep'
        " theirs: 250,000 for SUPERADMIN, ADMIN and REGISTRAR, 1,000,000 for REPORTER, 50,000 for TEACHER, 10,000 for"
        " GUARDIAN and STUDENT. Who holds several roles has the highest.",
    )
