"""What can go wrong before the first question, and how it is told: in one line, to be mended."""

from __future__ import annotations

import logging
import sys
from json import JSONDecodeError

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from bot.answering.llm.errors import ModelError
from bot.channels.wechat.accounts import AccountError
from bot.settings import Settings
from bot.store import StoreError
from corpus.documents import DocumentError
from corpus.embedding import EmbeddingError
from corpus.regions import RegionError, load_regions
from corpus.vectors import VectorStoreError
from tools.settlement import PolicyError

STARTUP_ERRORS = (
    AccountError,
    DocumentError,
    EmbeddingError,
    ModelError,
    OSError,
    PolicyError,
    RegionError,
    SettingsError,
    StoreError,
    ValidationError,
    VectorStoreError,
)
"""What an operator can mend: settings, folders, documents, policies, models, databases."""


_PLAINER = {
    "tuple_type": "must be a JSON list, [{…}, {…}]",
    "extra_forbidden": "has a name that isn't known; .env.example shows those that are",
}
"""By the type of pydantic's error."""


def configure_log(level: int) -> None:
    """Log to stderr; libraries only what is wrong."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("bm25s", "httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def share_processor() -> None:
    """Let threads take turns more often than Python does by itself.

    A thread that works on an answer computes without a pause; one that has only to write a row or
    to pass a response on waits 5 ms for it each time, many times a message, and with it all that
    wait for the database.
    """
    sys.setswitchinterval(0.0005)


def read_settings() -> Settings:
    """The settings, checked as far as is possible before anything is opened.

    Raises:
        ValidationError: a setting has the wrong type or range.
        RegionError: ``HOME_REGION`` isn't in the library.
    """
    settings = Settings()
    regions = [region.id for region in load_regions()]
    if settings.home_region and settings.home_region not in regions:
        known = ", ".join(regions)
        raise RegionError(f"HOME_REGION={settings.home_region}: not one of {known}")
    return settings


def explain(error: Exception) -> str:
    """The error as an operator reads it; settings by the names of their variables."""
    if isinstance(error, ValidationError):
        return "\n".join(_problem(problem) for problem in error.errors(include_url=False))
    if isinstance(error, SettingsError) and isinstance(error.__cause__, JSONDecodeError):
        wrong = error.__cause__
        return f"WECHAT_ACCOUNTS: not JSON, {wrong.msg} at character {wrong.pos + 1}"
    return str(error)


def _problem(problem: ErrorDetails) -> str:
    name, *within = problem["loc"]
    # A secret may stand in any of these, also in the wrong one: then only the name is told.
    secret = within or str(name).startswith("wechat_")
    value = "" if secret else f"={problem['input']}"
    says = _PLAINER.get(problem["type"], problem["msg"])
    if problem["type"] == "extra_forbidden":
        within.pop()
    where = "".join(f"[{part}]" for part in within)
    return f"{str(name).upper()}{where}{value}: {says}"
