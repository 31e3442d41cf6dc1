"""Mutations of the school's settings and profile."""

import strawberry

import models
from resolvers.institution.profile_changes import PROFILES
from resolvers.institution.setting_changes import remove_setting, set_setting
from schema.inputs import optional
from schema.mutation import mutation
from schema.record_inputs import known_record


@strawberry.input(description="A setting and its value.")
class SetSettingInput:
    category: models.SettingCategory = strawberry.field(description="Which part of the school it configures.")
    key: str = strawberry.field(
        description="Name of the setting: capital letters, digits and underscores. At most 100 characters."
    )
    value: str = strawberry.field(description="The value as text; it parses as the type. At most 2000 characters.")
    value_type: models.SettingType | None = optional(
        "How the value is to be read; settings that every school has keep theirs. Left out: as it is, STRING if new."
    )
    description: strawberry.Maybe[str | None] = strawberry.field(
        description="What the setting does. At most 500 characters. Left out: as it is. Null: none."
    )
    version: int | None = optional(
        "The version that was read; another one now is a CONFLICT. Left out: there is no such setting yet."
    )


@known_record(models.ConfigurationSetting, "Which setting of the school's own to remove.")
class RemoveSettingInput:
    pass


@known_record(models.SchoolProfile, "What to change about how the school presents itself: what is left out stays.")
class UpdateSchoolProfileInput:
    school_name: str
    address: str | None
    phone: str | None
    email: str | None
    country: str


@strawberry.type
class SettingMutation:
    set_setting = mutation(
        set_setting,
        SetSettingInput,
        models.ConfigurationSetting,
        "Give a setting another value, or add one of the school's own. CURRENT_ACADEMIC_YEAR takes the code of a school"
        " year, which becomes the current one with it. For ADMIN.",
    )
    remove_setting = mutation(
        remove_setting,
        RemoveSettingInput,
        models.ConfigurationSetting,
        "Remove a setting of the school's own; those that every school has stay. For ADMIN.",
    )
    update_school_profile = mutation(
        PROFILES.update,
        UpdateSchoolProfileInput,
        models.SchoolProfile,
        "Change how the school presents itself. For ADMIN.",
    )
