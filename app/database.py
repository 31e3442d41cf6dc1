"""The database as the server sees it: a pool of driver connections for reads, an engine for writes.

Reads are told their tenant by `app.snapshot`; for writes it is set in the same message as BEGIN, so that it costs no
round trip and no transaction can be without.
"""

import asyncio
import contextlib
import datetime
from collections.abc import AsyncIterator
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.alarms import Alarms
from app.engines import engine_of
from app.file_keeper import FileKeeper
from app.file_store import file_store
from app.flusher import Flusher
from app.key_file import load_keys
from app.mail import Mailer, mailer_of
from app.readers import Readers
from app.revocations import Revocations
from app.settings import Settings
from app.snapshot import SESSION, ReadingConnection, Snapshot
from app.urls import WRITING, Urls, asyncpg_url
from app.viewers import SECONDS_REMEMBERED, Viewers
from resolvers.client import Client
from resolvers.connection import reaching
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from resolvers.files.store import Unsettled
from resolvers.identity.attempts import Attempts
from resolvers.identity.revocation import told
from resolvers.identity.session_viewer import Known
from resolvers.identity.tokens import token_hash
from resolvers.identity.viewers import find_viewer
from resolvers.rows import Row
from resolvers.sealing import Sealer
from resolvers.services import Services
from resolvers.trail.alarms import Alarm, Refused, SignInFailed
from resolvers.trail.mass_reads import MassReads
from resolvers.trail.notes import Access, Note
from resolvers.trail.recent import Recent
from resolvers.trail.refusals import Refusals
from resolvers.viewer import Viewer
from resolvers.writing.recording import GuardedSession

if TYPE_CHECKING:
    DriverConnection = asyncpg.Connection[Row]
else:
    DriverConnection = asyncpg.Connection

_opening: ContextVar[str | None] = ContextVar("opening", default=None)
# The part of its time that a patient transaction waits for a lock: what it does four times fits in.
PATIENT = 0.2
# More than an application asks for, and a bound for who writes other operations all the time: all selects of an
# operation may be one statement, whose plan takes some MiB of PostgreSQL's memory.
STATEMENTS_KEPT = 150
# Bytes; what is longer is planned anew each time, which takes longer than running it.
LONGEST_KEPT = 24 * 1024


# Asked for by every operation; a school has two or three.
@lru_cache(maxsize=1024)
def session_settings(institution_id: int, timeout: float, scope: str = "SESSION") -> str:
    """What the database is told before anything is read; both values are made numbers here, nothing else gets in."""
    milliseconds = int(timeout * 1000)
    tenant = f"SET {scope} app.institution_id = '{int(institution_id)}'"
    return f"{tenant}; SET {scope} statement_timeout = {milliseconds}"


def transaction_settings(institution_id: int, timeout: float, patience: float | None = None) -> str:
    """The same for one transaction: the statements that follow BEGIN. `patience` is how long it waits for a lock."""
    settings = session_settings(institution_id, timeout, "LOCAL")
    return settings if patience is None else f"{settings}; SET LOCAL lock_timeout = {max(1, int(patience * 1000))}"


class TenantConnection(DriverConnection):
    """A driver connection whose BEGIN, as SQLAlchemy's dialect sends it, carries the tenant."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:
        opening = _opening.get()
        if opening is not None and not args and query.startswith("BEGIN"):
            query = f"{query.rstrip(';')}; {opening}"
        return await super().execute(query, *args, timeout=timeout)


async def _keep(_: Any) -> None:
    """The session's state is `Snapshot`'s, which keeps it: the usual reset costs a round trip."""


def _engine(url: str, settings: Settings) -> AsyncEngine:
    return engine_of(
        url,
        pool_size=settings.pool_min,
        max_overflow=settings.pool_max - settings.pool_min,
        pool_timeout=settings.pool_acquire_seconds,
        pool_recycle=settings.pool_lifetime_seconds,
        connect_args={
            "async_creator_fn": reaching(asyncpg.connect),
            "connection_class": TenantConnection,
            "server_settings": WRITING,
        },
    )


class Database:
    """Opened once a process; hands out one context an operation."""

    def __init__(
        self,
        pool: "asyncpg.Pool[Row]",
        engine: AsyncEngine,
        services: Services,
        refusals: Refusals,
        reads: MassReads,
        *,
        planning: bool = True,
        mailer: Mailer | None = None,
        patience: float | None = None,
    ) -> None:
        self.pool = pool
        self.readers = Readers(pool)
        self.planning = planning
        self.patience = patience
        self.engine = engine
        self.services = services
        self.alarms = Alarms(refusals, reads, self.write, self._put)
        self.flusher = Flusher(self.write, self.alarms.look)
        self.files = FileKeeper(services.files, self.write) if services.files is not None else None
        self.recent = Recent()
        self.viewers = Viewers()
        self.mailer = mailer
        self._revocations: Revocations | None = None

    @classmethod
    async def open(cls, urls: Urls, settings: Settings) -> "Database":
        pool = await asyncpg.create_pool(
            asyncpg_url(settings.database_read_url or urls.api),
            connect=reaching(asyncpg.connect),
            min_size=settings.pool_min,
            max_size=settings.pool_max,
            max_inactive_connection_lifetime=settings.pool_idle_seconds,
            reset=_keep,
            connection_class=ReadingConnection,
            record_class=Row,
            server_settings=SESSION,
            statement_cache_size=STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=LONGEST_KEPT,
        )
        mailer = mailer_of(settings)
        services = Services(
            Attempts(settings.login_failures_per_minute),
            Attempts(settings.token_failures_per_minute),
            refusal_seconds=settings.login_refusal_seconds,
            sealer=Sealer(load_keys(settings)),
            mail=mailer.put if mailer is not None else None,
            reset_url=settings.password_reset_url,
            files=file_store(settings),
        )
        refusals = Refusals(most=settings.alarming_refusals, minutes=settings.alarm_minutes)
        reads = MassReads(students=settings.mass_read_students, minutes=settings.alarm_minutes)
        how: dict[str, Any] = {"planning": settings.planning, "patience": settings.lock_seconds}
        database = cls(pool, _engine(urls.api, settings), services, refusals, reads, mailer=mailer, **how)
        database.listen(asyncpg_url(urls.api))
        return database

    def listen(self, url: str) -> None:
        """Hear of revocations at this URL, so that viewers can be remembered."""
        self._revocations = Revocations(url, self.viewers)
        self._revocations.start()

    async def close(self) -> None:
        await self.flusher.close()
        if self.files is not None:
            await self.files.close()
        if self.mailer is not None:
            await self.mailer.close()
        if self._revocations is not None:
            await self._revocations.stop()
        await self.readers.close()
        await self.pool.close()
        await self.engine.dispose()

    async def ping(self) -> None:
        """One round trip, for whoever asks whether the process can serve."""
        await self.readers.ping()

    async def room(self) -> None:
        """Wait while more is to be written than the database keeps up with."""
        await self.flusher.room()

    def note(self, note: Note) -> None:
        """Have something written within the second, or counted; a reading that goes on is recorded once."""
        if isinstance(note, Access):
            if fresh := self.recent.fresh(note):
                self.flusher.put(fresh)
        elif isinstance(note, Unsettled):
            assert self.files is not None
            self.files.put(note)
        elif isinstance(note, Alarm | Refused | SignInFailed):
            self.alarms.hear(note)
        else:
            self.flusher.put(note)

    def _put(self, note: Alarm | Refused) -> None:
        self.flusher.put(note)

    def read(self, institution_id: int, timeout: float, *, alone: bool = False) -> Snapshot:
        """A connection in one read-only snapshot of one institution; `alone` is for one statement and no more."""
        return Snapshot(self.readers, session_settings(institution_id, timeout), timeout, alone=alone)

    @contextlib.asynccontextmanager
    async def write(
        self, institution_id: int, timeout: float, *, repeatable: bool = False, patient: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """A session in one transaction of one institution; one that can be repeated waits for locks only so long."""
        patience = self.patience if repeatable else None
        if patience is not None and patient:
            patience = max(patience, timeout * PATIENT)
        token = _opening.set(transaction_settings(institution_id, timeout, patience))
        try:
            guarded = AsyncSession(self.engine, sync_session_class=GuardedSession, expire_on_commit=False)
            async with guarded as session:
                async with session.begin():
                    yield session
                for revocation in told(session):
                    self.viewers.revoke(revocation)
        finally:
            _opening.reset(token)

    def context(
        self, viewer: Viewer | None, *, request_id: str, timeout: float, client: Client | None = None
    ) -> Context:
        """The context of one operation, to be entered; closed at its end whatever happens."""
        return Context(
            self,
            viewer,
            now=datetime.datetime.now(datetime.UTC),
            timeout=timeout,
            request_id=request_id,
            client=client,
            services=self.services,
            planning=self.planning,
        )

    async def viewer(self, token: str, address: str | None = None) -> Viewer:
        """Whose session, or which key, a token is; remembered for five seconds.

        Raises Unauthenticated when there is no such session or key, or no longer, and RateLimited where the address
        brings too many of those.
        """
        started = asyncio.get_running_loop().time()
        name = token_hash(token)
        remembered = self.viewers.get(name, started)
        if remembered is not None:
            return remembered

        async def look() -> Known:
            heard, now = self.viewers.heard, datetime.datetime.now(datetime.UTC)
            known = await self._found(token, address, now)
            seconds = min(SECONDS_REMEMBERED, known.seconds_left(now))
            self.viewers.keep(name, known.viewer, until=started + seconds, heard=heard)
            return known

        known = await self.viewers.once((name, address), look)
        if known.seconds_left(datetime.datetime.now(datetime.UTC)) <= 0:
            # It was good when it was looked up.
            known = await look()
        return known.viewer

    async def _found(self, token: str, address: str | None, now: datetime.datetime) -> Known:
        """Whose a token is; what is not good counts against the address, and is slowed down before it is looked up."""
        attempts, good = self.services.token_attempts, True
        attempts.take(address, now)
        try:
            known = await find_viewer(self, token, now)
            good = known is not None
        finally:
            # A database that cannot be asked is not the client's fault.
            if good:
                attempts.give_back(address, now)
        if known is None:
            raise Unauthenticated("The session or key does not exist or has ended: sign in again")
        return known
