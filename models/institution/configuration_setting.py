"""Settings that drive behaviour, by category and key."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Choice, Record, enum, index, matches, short


class SettingCategory(Choice):
    GENERAL = "GENERAL", "Time zone, formats, sessions, uploads."
    ACADEMIC = "ACADEMIC", "School years, ages, names, marks."
    FINANCIAL = "FINANCIAL", "Currency, tax and fees."


class SettingType(Choice):
    STRING = "STRING", "Any text."
    INTEGER = "INTEGER", "A whole number."
    DECIMAL = "DECIMAL", "A decimal number, with a point."
    BOOLEAN = "BOOLEAN", "`true` or `false`."
    DATE = "DATE", "A day, YYYY-MM-DD."
    MONTH = "MONTH", "A month of the year, 1 to 12."
    TIMEZONE = "TIMEZONE", "An IANA time zone, for example Asia/Kolkata."
    CURRENCY = "CURRENCY", "An ISO 4217 currency code, for example INR."
    JSON = "JSON", "A JSON document."


class ConfigurationSetting(Record):
    __tablename__ = "configuration_setting"

    category: Mapped[SettingCategory] = enum(SettingCategory, comment="Which part of the school it configures")
    key: Mapped[str] = short(100, comment="Name of the setting, upper-case with underscores")
    value: Mapped[str] = short(2000, comment="The value as text; it parses as the value type")
    value_type: Mapped[SettingType] = enum(SettingType, comment="How the value is to be read")
    description: Mapped[str | None] = short(500, comment="What the setting does")

    __table_args__ = (
        UniqueConstraint("institution_id", "category", "key"),
        index("updated_at"),
        matches("key", "^[A-Z][A-Z0-9_]*$", "key_format"),
        {"comment": "One setting of the school. Schools may add keys of their own."},
    )
