"""The channel's SQL, put together once: building a statement costs more than running it.

Parameters begin with ``p_`` where they select; those of an INSERT or UPDATE are columns' names.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from bot.channels.wechat.tables import (
    PARKED,
    QUEUED,
    READY,
    RUNNING,
    SENDING,
    UNFINISHED,
    WAITING,
    message,
    outbox,
    person,
)

_P = BindParameter[Any]
P_KEY: _P = bindparam("p_key")
P_KEYS: _P = bindparam("p_keys", expanding=True)
P_ID: _P = bindparam("p_id")
P_IDS: _P = bindparam("p_ids", expanding=True)
P_PERSON: _P = bindparam("p_person")
P_NOW: _P = bindparam("p_now")
P_BEFORE: _P = bindparam("p_before")
P_FIRST: _P = bindparam("p_first")
P_LAST: _P = bindparam("p_last")
P_LIMIT: _P = bindparam("p_limit")
P_LEASE: _P = bindparam("p_lease")


def _lock(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    insert = insert.values(person=P_PERSON, touched=P_NOW)
    return insert.on_conflict_do_update(
        index_elements=["person"], set_={"touched": insert.excluded.touched}
    )


# The person ----------------------------------------------------------------------------------

LOCK_PERSON = {
    "sqlite": _lock(sqlite.insert(person)).returning(person),
    "postgresql": _lock(postgresql.insert(person)).returning(person),
}
"""By dialect. Takes the person's row, new or known, until the transaction ends."""
UPDATE_PERSON = update(person).where(person.c.person == P_PERSON)
REMEMBER = UPDATE_PERSON.values(
    last=bindparam("last"),
    last_key=bindparam("last_key"),
    rest=bindparam("rest"),
    region=func.coalesce(bindparam("region"), person.c.region),
)
FORGET_PERSON = delete(person).where(person.c.person == P_PERSON)
PURGE_PEOPLE = delete(person).where(person.c.touched < P_BEFORE)

# Messages ------------------------------------------------------------------------------------

FIND = select(message).where(message.c.key == P_KEY)
INSERT = message.insert()
UPDATE = update(message).where(message.c.id == P_ID)
_count = select(func.count())
_unfinished = _count.where(message.c.state.in_(UNFINISHED))
LOAD = select(
    _count.where(message.c.key == P_KEY).scalar_subquery().label("seen"),
    _count.where(message.c.person == P_PERSON, message.c.received > P_BEFORE)
    .scalar_subquery()
    .label("recent"),
    _unfinished.where(message.c.person == P_PERSON).scalar_subquery().label("own"),
    _unfinished.scalar_subquery().label("backlog"),
)
"""Whether the message is here already, messages of the person since then, and unfinished questions
of the person and of all."""
FINISHED = select(message.c.key).where(
    message.c.key.in_(P_KEYS), message.c.state.not_in(UNFINISHED)
)
ERASE = (
    update(message)
    .where(message.c.person == P_PERSON)
    .values(
        person=None,
        openid=None,
        question="",
        answer=None,
        response="",
        state="shown",
        lease=None,
        fetches=None,
    )
)
PURGE = delete(message).where(message.c.received < P_BEFORE)


_LOST = message.c.response.is_(None) & (message.c.received < P_BEFORE)
_UNCHOSEN = message.c.response.is_(None) & message.c.received.between(P_FIRST, P_LAST)
_OF_PERSON = select(message.c.key, message.c.question).where(message.c.person == P_PERSON)
_OPEN = _OF_PERSON.where(message.c.state.in_((READY, *UNFINISHED)))
_READY_FIRST = (case((message.c.state == READY, 0), else_=1), message.c.id)
PROMISED = _OPEN.where(message.c.late | _UNCHOSEN).order_by(*_READY_FIRST).limit(1)
"""The promised answer to be fetched next: one that is there, else one being made. Promised is also
one whose delivery had to be answered before that could be written down."""
PROMISED_OR_LOST = (
    _OPEN.where(message.c.late | _UNCHOSEN | (_LOST & (message.c.state == READY)))
    .order_by(*_READY_FIRST)
    .limit(1)
)
"""Also one that nobody could show, because no delivery of its question came through."""
OFFERED = (
    _OF_PERSON.where(message.c.state == READY, message.c.late | _LOST, message.c.id != P_ID)
    .order_by(message.c.id)
    .limit(1)
)
"""One of them that is there, besides the one of this id."""

# Jobs ----------------------------------------------------------------------------------------

_older = aliased(message)
_behind_another = (
    select(literal(1))
    .where(
        _older.c.person == message.c.person,
        _older.c.id < message.c.id,
        _older.c.state.in_(UNFINISHED),
    )
    .exists()
)
_free = or_(
    message.c.state == QUEUED, (message.c.state == RUNNING) & (message.c.lease_until < P_NOW)
)
FREE_JOBS = (
    select(message.c.id)
    .where(message.c.state.in_(UNFINISHED), _free, ~_behind_another)
    .order_by(message.c.id)
    .limit(P_LIMIT)
    .with_for_update(skip_locked=True)
)
TAKE_JOBS = (
    update(message)
    .where(message.c.id.in_(P_IDS), _free)
    .values(
        state=RUNNING,
        lease=bindparam("lease"),
        lease_until=bindparam("lease_until"),
        attempts=message.c.attempts + 1,
    )
    .returning(message)
)
UPDATE_JOBS = update(message).where(message.c.id.in_(P_IDS), message.c.lease == P_LEASE)
RELEASE_JOBS = UPDATE_JOBS.values(
    state=QUEUED, lease=None, lease_until=0.0, attempts=message.c.attempts - 1
)
SHOW_JOB = UPDATE_JOBS.where(message.c.response.is_(None))
IS_KNOWN = select(message.c.id).where(message.c.id == P_ID, message.c.person.is_not(None))

# Parts to be sent ----------------------------------------------------------------------------

_earlier = aliased(outbox)
_behind_part = (
    select(literal(1))
    .where(
        _earlier.c.person == outbox.c.person,
        _earlier.c.id < outbox.c.id,
        _earlier.c.state.in_((WAITING, SENDING)),
    )
    .exists()
)
_stale = (outbox.c.state == SENDING) & (outbox.c.lease_until < P_NOW)
_due = (outbox.c.state == WAITING) & (outbox.c.not_before <= P_NOW)
PARTS = (
    select(outbox.c.id)
    .where(or_(_stale, _due & ~_behind_part))
    .order_by(outbox.c.id)
    .limit(P_LIMIT)
    .with_for_update(skip_locked=True)
)
LOSE_PARTS = update(outbox).where(outbox.c.id.in_(P_IDS), _stale)
TAKE_PARTS = (
    update(outbox)
    .where(outbox.c.id.in_(P_IDS), _due)
    .values(state=SENDING, lease_until=bindparam("lease_until"), attempts=outbox.c.attempts + 1)
    .returning(outbox)
)
INSERT_PARTS = outbox.insert()
UPDATE_PART = update(outbox).where(outbox.c.id == P_ID)
DELETE_PART = delete(outbox).where(outbox.c.id == P_ID)
PARK = (
    update(outbox)
    .where(or_(outbox.c.id == P_ID, (outbox.c.person == P_PERSON) & (outbox.c.state == WAITING)))
    .values(state=PARKED)
)
UNPARK = (
    update(outbox)
    .where(outbox.c.person == P_PERSON, outbox.c.state == PARKED)
    .values(state=WAITING, not_before=0.0, attempts=0)
)
FORGET_PARTS = delete(outbox).where(outbox.c.person == P_PERSON)
PURGE_PARTS = delete(outbox).where(outbox.c.created < P_BEFORE)
