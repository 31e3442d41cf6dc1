"""SQLAlchemy's engines, as every part of the program has them."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.hanging_up import look_of
from app.urls import sqlalchemy_url


def engine_of(url: str, **options: Any) -> AsyncEngine:
    """An engine whose errors do not bring along what was to be written: they may end in a log.

    A connection that the database has ended while it was idle is replaced before anything is sent on it.
    """
    engine = create_async_engine(sqlalchemy_url(url), hide_parameters=True, **options)
    event.listen(engine.sync_engine, "checkout", _replace_the_ended)
    return engine


def _replace_the_ended(connection: Any, record: Any, _: object) -> None:
    # A new one is not looked at: the pool would take it for a fault if it were ended, too.
    look, driver = record.info.get(look_of), connection.driver_connection
    if look is None:
        record.info[look_of] = look_of(driver._transport)
    elif driver.is_closed() or look():
        # To end it in good order may take long where nobody is there any more.
        driver.terminate()
        raise DisconnectionError
