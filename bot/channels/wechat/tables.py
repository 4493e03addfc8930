"""The channel's tables: messages with their responses, people, parts that wait to be sent.

A message is one row from its arrival to its response, and so is its job::

    queued ─► running ─► ready ─► shown          a question, answered in time or fetched later
    fetching ─► shown                            「1」: shows another message's answer
    shown                                        a command, a greeting, a limit: answered at once

A person is stored as a hash of account and openid. The openid itself is kept only where it is
needed to send (push mode), and only until then.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.store import metadata

QUEUED, RUNNING, READY, SHOWN, FETCHING = "queued", "running", "ready", "shown", "fetching"
UNFINISHED = (QUEUED, RUNNING)

WAITING, SENDING, PARKED, UNCERTAIN = "waiting", "sending", "parked", "uncertain"

# In SQLite only an INTEGER PRIMARY KEY counts by itself.
_ID = BigInteger().with_variant(Integer, "sqlite")

message = Table(
    "wechat_message",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("person", String(64)),
    Column("app_id", String(64), nullable=False),
    Column("openid", String(128)),
    Column("question", Text, nullable=False),
    Column("received", Float, nullable=False, index=True),
    Column("state", String(8), nullable=False, index=True),
    Column("lease", String(16)),
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("answer", JSON(none_as_null=True)),
    Column("response", Text),
    Column("late", Boolean, nullable=False, default=False),
    Column("fetches", String(64)),
    # Both, or SQLite looks through all that are in a state for those of one person.
    Index("ix_wechat_message_person_state", "person", "state"),
)
"""``response`` is chosen once; every delivery of the message gets it. ``late``: it promised the
answer for later. ``fetches``: the key of the message whose answer this one asks for."""

person = Table(
    "wechat_person",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("touched", Float, nullable=False, index=True),
    Column("region", String(32)),
    Column("last", JSON(none_as_null=True)),
    Column("last_key", String(64)),
    Column("rest", JSON(none_as_null=True)),
)
"""``last``: all messages of the last answer, ``last_key`` whose it was; ``rest``: those of it that
wait for 「继续」."""

outbox = Table(
    "wechat_outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", String(64), nullable=False),
    Column("app_id", String(64), nullable=False),
    Column("openid", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("created", Float, nullable=False, index=True),
    Column("state", String(9), nullable=False, index=True),
    Column("not_before", Float, nullable=False, default=0.0),
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("attempts", Integer, nullable=False, default=0),
    Index("ix_wechat_outbox_person_state", "person", "state"),
)
"""Parts to be sent in push mode, in the order of their ids; a part that was sent is deleted."""
