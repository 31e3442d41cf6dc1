"""Mutations of the school's calendar."""

import datetime

import strawberry

import models
from resolvers.academics.calendar_changes import CALENDAR_DAYS, set_calendar_days
from resolvers.academics.calendar_generating import DayChange, generate_calendar
from schema import refs
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload, record
from schema.record_inputs import known_record, new_record

YEAR = "The school year; null where nothing was done."


@strawberry.input(description="Whose calendar to make.")
class GenerateCalendarInput:
    school_year: strawberry.ID = key(models.SchoolYear, "The school year.")
    dry_run: bool | None = optional("Whether to show the days only, and write nothing. Left out: no.")


@strawberry.type(description="What generating a calendar makes of a day.")
class GeneratedDay:
    date: datetime.date = strawberry.field(description="The day.")
    kind: models.CalendarDayKind = strawberry.field(description="What kind of day it becomes.")
    change: DayChange = strawberry.field(description="What happens to the calendar.")


@payload("The days that generating wrote or, in a dry run, would write.")
class GenerateCalendarPayload:
    school_year: refs.SchoolYear | None = record(models.SchoolYear, YEAR)
    days: list[GeneratedDay] | None = strawberry.field(
        description="Days that were added or changed, in order; null where nothing was done."
    )
    kept: int | None = strawberry.field(description="How many days stayed as they were; null where nothing was done.")
    dry_run: bool | None = strawberry.field(
        description="Whether all of it was rolled back; null where nothing was done."
    )


@new_record(models.CalendarDay, "What a day of the calendar is.")
class CalendarDayInput:
    date: datetime.date
    kind: models.CalendarDayKind
    note: strawberry.Maybe[str | None] = strawberry.field(
        description="Name of the holiday, or why it is not an ordinary day. At most 200 characters. Left out: as it is."
        " Null: none."
    )
    version: int | None = optional("The version that was read; another one now is a CONFLICT. Left out: whichever.")


@strawberry.input(description="Days of a school year, and what they are.")
class SetCalendarDaysInput:
    school_year: strawberry.ID = key(models.SchoolYear, "The school year.")
    days: list[CalendarDayInput] = strawberry.field(description="The days, each once, at most 400.")


@payload("What became of the days, or why nothing was written.")
class SetCalendarDaysPayload:
    school_year: refs.SchoolYear | None = record(models.SchoolYear, YEAR)
    added: int | None = strawberry.field(description="How many days the calendar did not have before.")
    changed: int | None = strawberry.field(description="How many days were something else before.")
    unchanged: int | None = strawberry.field(description="How many days were so already.")


@known_record(models.CalendarDay, "What to change about a day of the calendar: what is left out stays as it is.")
class UpdateCalendarDayInput:
    kind: models.CalendarDayKind
    note: str | None


@known_record(models.CalendarDay, "Which day to take out of the calendar.")
class DeleteCalendarDayInput:
    pass


@strawberry.type
class CalendarMutation:
    generate_calendar = mutation(
        generate_calendar,
        GenerateCalendarInput,
        GenerateCalendarPayload,
        "Make the calendar of a school year by the setting WORKING_DAYS_PER_WEEK: days that are missing are added, days"
        " that nobody has edited follow the setting, all others stay. Days on which attendance was taken are lesson"
        " days. For ADMIN and REGISTRAR.",
    )
    set_calendar_days = mutation(
        set_calendar_days,
        SetCalendarDaysInput,
        SetCalendarDaysPayload,
        "Say of days of a school year what they are, all or none of them. For ADMIN and REGISTRAR.",
    )
    update_calendar_day = mutation(
        CALENDAR_DAYS.update,
        UpdateCalendarDayInput,
        models.CalendarDay,
        "Change a day of the calendar. One on which attendance was taken stays a lesson day. For ADMIN and REGISTRAR.",
    )
    delete_calendar_day = mutation(
        CALENDAR_DAYS.delete,
        DeleteCalendarDayInput,
        models.CalendarDay,
        "Take a day out of the calendar, unless attendance was taken on it. For ADMIN and REGISTRAR.",
    )
