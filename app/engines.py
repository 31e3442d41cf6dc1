"""SQLAlchemy's engines, as every part of the program has them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.urls import sqlalchemy_url


def engine_of(url: str, **options: Any) -> AsyncEngine:
    """An engine whose errors do not bring along what was to be written: they may end in a log."""
    return create_async_engine(sqlalchemy_url(url), hide_parameters=True, **options)
