"""Every setting: its name in the environment, its default and what it means. A wrong one stops the start."""

import os
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, model_validator
from pydantic_settings import SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from app.export_settings import ExportSettings
from app.keys import KeyTexts, check_different, parse_key, parse_keys
from app.setting_errors import explained, unknown_names, unreadable
from app.setting_types import (
    CertFile,
    Count,
    Endpoint,
    KeptFolder,
    Key,
    KeyFile,
    MetricsToken,
    Port,
    ProgramFolder,
    Proxy,
    ResetUrl,
    SealingKeys,
    Seconds,
    SmtpSecurity,
)
from app.tls import Mode, Tls, secured, tls_of
from app.urls import asyncpg_url

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SCHOOLGRAPH_"


class SettingsError(ValueError):
    """Wrong settings: one line for each, with its name in the environment and, where it holds no secret, its value."""


def _checked(url: str, info: ValidationInfo) -> str:
    """Complete: whoever has it reaches a database on another machine by verified TLS."""
    asyncpg_url(url)
    return secured(url, tls_of(info.data, PREFIX))


DatabaseUrl = Annotated[str, AfterValidator(_checked)]


class Settings(ExportSettings):
    """Read from the environment; a keyword given in Python wins over it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_default=True,
        env_ignore_empty=True,
    )

    # Before the URLs, which are completed by them.
    database_tls: Mode = Field(
        Mode.VERIFY_FULL,
        description="How a database on another machine is reached: verify-full checks its certificate and its name in"
        " it, verify-ca the certificate alone; unverified allows what the URL says, even no TLS at all.",
    )
    database_root_cert: CertFile | None = Field(
        None,
        description="The certificates of the authorities that may have signed the database's. Not set: those that"
        " sslrootcert in the URL names, libpq's own file, or those that the system trusts.",
    )
    database_client_cert: CertFile | None = Field(
        None, description="The certificate that is shown to the database, where it asks for one."
    )
    database_client_key: KeyFile | None = Field(
        None, description="The key of that certificate, a file that nobody else can read."
    )
    database_url: DatabaseUrl | None = Field(
        None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The database, as the role that the server connects as. Not set: an embedded PostgreSQL is run.",
    )
    database_owner_url: DatabaseUrl | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        repr=False,
        description="The same database as the role that owns the tables: for migrations, partitions and imports.",
    )
    database_read_url: DatabaseUrl | None = Field(
        None,
        validation_alias="DATABASE_READ_URL",
        repr=False,
        description="The same database, or a replica of it, to read from: as schoolgraph_read. Not set: DATABASE_URL.",
    )
    pg_bin: ProgramFolder | None = Field(
        None,
        validation_alias="PG_BIN",
        description="The folder of the PostgreSQL programs to run, 15 to 18. Not set: those of the wheel.",
    )
    data: KeptFolder = Field(
        ROOT / ".data",
        description="The folder of the embedded database and of everything else that is kept between two runs.",
    )
    files: KeptFolder | None = Field(
        None,
        description="The folder of photos and other files; servers that share a database share it too. Not set: `files`"
        " in SCHOOLGRAPH_DATA, unless a bucket is named.",
    )
    s3_endpoint: Endpoint | None = Field(
        None,
        description="A store of files that speaks S3, instead of a folder: https://s3.eu-central-1.amazonaws.com",
    )
    s3_bucket: str | None = Field(None, description="The bucket there; the files of a school begin with its key.")
    s3_region: str = Field("us-east-1", description="Its region, as far as the store has such.")
    s3_access_key: str | None = Field(None, description="Who may list, read, write and delete in it.")
    s3_secret_key: SecretStr | None = Field(None, repr=False, description="The secret for that.")

    sealing_keys: SealingKeys | None = Field(
        None,
        repr=False,
        description="The keys that national ids and health notes are sealed with, id:key,id:key; the first one seals,"
        " all open. `python -m app keys generate` makes one. Not set: an embedded database has a file of its own.",
    )
    blind_index_key: Key | None = Field(
        None, repr=False, description="The key that national ids are looked up by; not one of the sealing keys."
    )
    former_blind_index_key: Key | None = Field(
        None, repr=False, description="The one before it, until `python -m app keys rotate` has indexed all anew."
    )

    pool_min: Count = Field(2, description="Connections that each pool keeps open.")
    pool_max: Count = Field(10, description="Connections that each pool opens at most, in each worker.")
    pool_acquire_seconds: Seconds = Field(30, description="How long an operation waits for a connection.")
    pool_idle_seconds: Seconds = Field(600, description="After how long without work a connection is closed.")
    pool_lifetime_seconds: Count = Field(1800, description="After how long a connection is replaced.")

    read_seconds: Seconds = Field(10, description="Time limit of a query.")
    write_seconds: Seconds = Field(5, description="Time limit of a mutation.")
    bulk_seconds: Seconds = Field(
        30, description="Time limit of importStudents, undo, planRollover, applyRollover and eraseSubject instead."
    )
    lock_seconds: Seconds = Field(
        1.1,
        description="How long a mutation waits for records that another is changing, before it lets go of its own and"
        " begins again; after three repetitions, or WRITE_SECONDS, the client is told TIMEOUT. More than PostgreSQL's"
        " deadlock_timeout of a second, or of two who wait for each other both give up. Mutations that have"
        " BULK_SECONDS wait a fifth of those, where that is longer.",
    )
    report_seconds: Seconds = Field(30, description="Time limit of a report.")
    planning: bool = Field(
        True, description="Run selections as plans; off: resolve every field, for comparing answers."
    )
    upload_seconds: Seconds = Field(60, description="Time limit for the body of a request that brings files.")
    uploads: Count = Field(
        8,
        description="Requests with files each worker takes at once: of a school one, and more up to half of what others"
        " leave; of one user a quarter.",
    )
    slow_seconds: Seconds = Field(1, description="An operation that takes longer is logged as a slow one.")

    max_body_bytes: Count = Field(262_144, description="The largest body of a request.")
    max_files: Count = Field(5, description="Files in a request; a school's MAX_FILE_UPLOAD_MB bounds their size.")
    max_characters: Count = Field(100_000, description="The longest document of an operation.")
    max_tokens: Count = Field(5_000, description="Words and signs in a document; comments are counted apart.")
    max_depth: Count = Field(15, description="Levels of fields in an operation, fragments opened, introspection aside.")
    max_fields: Count = Field(5_000, description="Fields in an operation, fragments opened.")
    max_aliases: Count = Field(30, description="Aliases in an operation, fragments opened.")
    max_root_fields: Count = Field(20, description="Fields at the root of an operation.")
    max_mutations: Count = Field(10, description="Fields at the root of a mutation.")
    max_directives: Count = Field(50, description="Directives in a document.")
    max_directives_per_place: Count = Field(4, description="Directives on one field, fragment, variable or operation.")
    max_reported_errors: Count = Field(5, description="Validation errors that are reported of one document.")
    login_failures_per_minute: Count = Field(
        20,
        description="Failed sign-ins from one address in a minute, in each worker; whoever has more must wait.",
    )
    login_refusal_seconds: float = Field(
        0.5,
        ge=0,
        le=5,
        description="How long a refused sign-in takes at least, so that its time does not tell whether there is such an"
        " account. Imported bcrypt hashes of a cost above 12 take longer to check: raise it for them.",
    )
    token_failures_per_minute: Count = Field(
        120,
        description="Tokens and API keys from one address that are not, or no longer, good, in a minute and in each"
        " worker; whoever has more must wait.",
    )
    smtp_host: str | None = Field(
        None, description="The mail server that letters on forgotten passwords go to. Not set: none are written."
    )
    smtp_port: Port = Field(587, description="Its port: 587 with starttls, 465 with tls.")
    smtp_security: SmtpSecurity = Field(
        SmtpSecurity.STARTTLS,
        description="How it is reached: starttls or tls, its certificate verified; none for a server on this machine.",
    )
    smtp_username: str | None = Field(None, description="Whom to sign in there as. Not set: nobody signs in.")
    smtp_password: SecretStr | None = Field(None, repr=False, description="The password for that.")
    smtp_from: str | None = Field(None, description="Whom letters are from: an e-mail address.")
    password_reset_url: ResetUrl | None = Field(
        None,
        description="The app's page for a new password, with {token} where the token goes, best behind a #, which no"
        " server sees. Not set: letters bring the token alone.",
    )
    mass_read_students: Count = Field(
        300,
        description="An alarm is raised when one viewer reads the records of more students than this within"
        " ALARM_MINUTES, counted over all workers and servers; a school's own setting ALARM_MASS_READ_STUDENTS"
        " (GENERAL) goes before it.",
    )
    alarming_refusals: Count = Field(
        30,
        description="An alarm is raised when one viewer is refused more often than this within ALARM_MINUTES: what is"
        " FORBIDDEN, or the change of what is not there for them; counted over all workers and servers.",
    )
    alarm_minutes: Count = Field(
        60, description="The span of time that both look at; for as long no second alarm is raised of the same viewer."
    )
    metrics_token: MetricsToken | None = Field(
        None,
        repr=False,
        description="Who reads /metrics must send `Authorization: Bearer` with this; at least 20 characters. Not set:"
        " only programs on this machine read it, without any proxy in between.",
    )
    trusted_proxies: tuple[Proxy, ...] = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded-For is believed, as JSON:"
        ' ["10.0.0.5", "10.1.0.0/16"]. Empty: of none; behind a proxy all clients then share its address.',
    )
    cors_origins: tuple[str, ...] = Field(
        (),
        description='Origins whose pages may use the API, as JSON: ["https://app.example.org"]. Empty: only its own.',
    )

    def __init__(self, **given: Any) -> None:
        fields = type(self).model_fields
        unknown = unknown_names(os.environ, PREFIX, [environment_name(field) for field in fields])
        if unknown:
            raise SettingsError("\n".join(unknown))
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise SettingsError("\n".join(explained(error, fields, environment_name))) from None
        except UnreadableError as error:
            raise SettingsError(unreadable(error, fields, environment_name)) from None

    @property
    def tls(self) -> Tls:
        return tls_of(self.__dict__, PREFIX)

    @property
    def key_texts(self) -> KeyTexts:
        given = (self.sealing_keys, self.blind_index_key, self.former_blind_index_key)
        return KeyTexts(*(text.get_secret_value() if text else None for text in given))

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        texts = self.key_texts
        sealing = list(parse_keys(texts.sealing_keys).values()) if texts.sealing_keys else []
        others = [parse_key(text) for text in (texts.blind_index_key, texts.former_blind_index_key) if text]
        try:
            check_different(sealing + others)
        except ValueError as error:
            raise ValueError(f"{PREFIX}BLIND_INDEX_KEY: {error}") from None
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if (self.smtp_host is None) != (self.smtp_from is None):
            raise ValueError(f"{PREFIX}SMTP_HOST and {PREFIX}SMTP_FROM: one is set without the other")
        if (self.smtp_username is None) != (self.smtp_password is None):
            raise ValueError(f"{PREFIX}SMTP_USERNAME and {PREFIX}SMTP_PASSWORD: one is set without the other")
        return self

    @model_validator(mode="after")
    def _one_store_of_files(self) -> Self:
        names = [f"{PREFIX}S3_{name}" for name in ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY")]
        given = [self.s3_endpoint, self.s3_bucket, self.s3_access_key, self.s3_secret_key]
        if any(given) and not all(given):
            missing = next(name for name, value in zip(names, given, strict=True) if not value)
            raise ValueError(f"{missing} is not set, but others of {', '.join(names)} are")
        if self.s3_bucket and self.files:
            raise ValueError(f"{PREFIX}FILES and {PREFIX}S3_BUCKET: both are set, and files are kept in one place")
        return self

    @model_validator(mode="after")
    def _pool_has_room(self) -> Self:
        if self.pool_min > self.pool_max:
            raise ValueError(f"{PREFIX}POOL_MIN={self.pool_min}: more than {PREFIX}POOL_MAX={self.pool_max}")
        return self


def environment_name(field: str) -> str:
    """The name under which a setting stands in the environment."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field.upper()}"
