"""The platform's envelope: signatures, AES, messages in and replies out.

`wechatpy` computes and parses; this wrapper closes its gaps: constant-time comparison, a time
window, one error for whatever an odd body raises, replies that can't break out of their CDATA.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.replies import TextReply
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.accounts import Account

WINDOW_SECONDS = 300
"""How far a request's time may lie from ours; a recorded one is of no use afterwards."""

ACKNOWLEDGED = "success"
"""Tells the platform not to deliver again, and shows the person nothing."""

# What can go wrong in wechatpy, xmltodict and the cipher with a body of any content.
_ODD = (
    ArithmeticError,
    AttributeError,
    ExpatError,
    InvalidAppIdException,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
_TIME = re.compile(r"[0-9]{10}")
_OPENID = re.compile(r"[\w.@-]{1,128}", re.ASCII)
# Characters that XML can't carry, not even escaped.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SignatureError(Exception):
    """The request doesn't come from the platform, or is too old."""


class UnreadableError(Exception):
    """The request comes from the platform, but makes no sense to us."""


class Kind(StrEnum):
    """What a message is, as far as answers differ."""

    TEXT = "text"
    """Also voice that the platform recognised, and a menu entry that sends its key."""
    IMAGE = "image"
    VOICE = "voice"
    OTHER = "other"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    NOTICE = "notice"
    """An event that expects no answer."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event."""

    key: str
    """The same for all deliveries of one message, and of no other."""
    person: str
    """A hash of account and openid, for storage and logs."""
    openid: str
    recipient: str
    """The account's original id (gh_…), the sender of our reply."""
    kind: Kind
    text: str


class Cipher(PrpCrypto):  # type: ignore[misc]  # wechatpy has no types
    """AES of one account."""

    def get_random_string(self) -> bytes:
        """The IV never changes, so the first block must: 16 bytes nobody can foresee."""
        return secrets.token_bytes(16)


def sign(*parts: str) -> str:
    """The platform's signature: SHA-1 of the parts, sorted and joined; hexadecimal."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with what is needed to answer it."""

    message: Incoming
    _account: Account
    _cipher: Cipher | None

    def seal(self, text: str) -> str:
        """The body of the HTTP response: a reply of this text, or an acknowledgement if empty."""
        if not text:
            return ACKNOWLEDGED
        reply = TextReply(
            source=_cdata(self.message.recipient),
            target=_cdata(self.message.openid),
            content=_cdata(text),
            time=int(time.time()),
        ).render()
        if self._cipher is None:
            return str(reply)
        encrypted = self._cipher.encrypt(reply, self._account.app_id).decode()
        moment, nonce = str(int(time.time())), secrets.token_hex(8)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature>{sign(self._account.token, moment, nonce, encrypted)}</MsgSignature>"
            f"<TimeStamp>{moment}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        )


class Protocol:
    """Opens the requests of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._ciphers = tuple(Cipher(key) for key in account.keys)

    def check(self, query: Mapping[str, str], now: float) -> None:
        """Check the signature of a URL check (GET) or of a plain message.

        Raises:
            SignatureError: wrong, or more than `WINDOW_SECONDS` away from ``now``.
        """
        self._check(query, "signature", now)

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Envelope:
        """Verify, decrypt and read one delivery.

        Raises:
            SignatureError: it isn't the platform's, or isn't encrypted though a key is set.
            UnreadableError: it is the platform's, but can't be decrypted or read.
        """
        if query.get("encrypt_type") != "aes":
            if self._ciphers:
                raise SignatureError("plain message, but a key is configured")
            self.check(query, now)
            return Envelope(_incoming(body, self.account), self.account, None)
        encrypted = _encrypted(body)
        self._check(query, "msg_signature", now, encrypted)
        xml, cipher = self._decrypt(encrypted)
        return Envelope(_incoming(xml, self.account), self.account, cipher)

    def _check(self, query: Mapping[str, str], name: str, now: float, *more: str) -> None:
        moment = query.get("timestamp", "")
        if not _TIME.fullmatch(moment) or abs(now - int(moment)) > WINDOW_SECONDS:
            raise SignatureError("not of this time")
        expected = sign(self.account.token, moment, query.get("nonce", ""), *more)
        if not hmac.compare_digest(expected.encode(), query.get(name, "").encode()):
            raise SignatureError("wrong signature")

    def _decrypt(self, encrypted: str) -> tuple[bytes, Cipher]:
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(encrypted, self.account.app_id).encode(), cipher
            except _ODD:
                continue
        raise UnreadableError("no key of ours decrypts it, or it is for another AppID")


def _encrypted(body: bytes) -> str:
    try:
        encrypted = xmltodict.parse(body)["xml"]["Encrypt"]
    except _ODD as error:
        raise SignatureError("no encrypted message") from error
    if not isinstance(encrypted, str):
        raise SignatureError("no encrypted message")
    return encrypted


def _incoming(xml: bytes, account: Account) -> Incoming:
    try:
        message = parse_message(_NOT_XML.sub("", xml.decode()))
        openid, recipient = message.source, message.target
        if not _OPENID.fullmatch(openid) or not _OPENID.fullmatch(recipient):
            raise UnreadableError("no openid")
        kind, text = _content(message)
        return Incoming(
            key=_hash(account.app_id, *_identity(message, text)),
            person=_hash(account.app_id, openid),
            openid=openid,
            recipient=recipient,
            kind=kind,
            text=text,
        )
    except _ODD as error:
        raise UnreadableError(type(error).__name__) from error


def _content(message: Any) -> tuple[Kind, str]:
    if _is_event(message):
        return _event(message)
    if message.type == "voice":
        said = _text(message.recognition)
        return (Kind.TEXT, said) if said else (Kind.VOICE, "")
    if message.type == "text":
        return Kind.TEXT, _text(message.content)
    return (Kind.IMAGE if message.type == "image" else Kind.OTHER), ""


def _is_event(message: Any) -> bool:
    # Of an event that wechatpy doesn't know, only the raw type tells that it is one.
    return str(message._data["MsgType"]).lower() == "event"


def _event(message: Any) -> tuple[Kind, str]:
    event = getattr(message, "event", "")
    if event in ("subscribe", "subscribe_scan"):
        return Kind.SUBSCRIBE, ""
    if event == "unsubscribe":
        return Kind.UNSUBSCRIBE, ""
    # A menu entry's key is the question that it stands for.
    if event == "click" and (text := _text(message.key)):
        return Kind.TEXT, text
    return Kind.NOTICE, ""


def _identity(message: Any, text: str) -> tuple[str, ...]:
    """What makes it this message: its id; for an event, who, when and what."""
    if message.id:
        return ("message", str(message.id))
    what = str(getattr(message, "event", message.type))
    return ("event", message.source, str(message.time), what, text)


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise UnreadableError("a text has inner elements")
    return (value or "").strip()


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _cdata(text: str) -> str:
    """Text that stays inside its CDATA section."""
    return _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
