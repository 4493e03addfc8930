"""The Official Accounts (公众号) that this server answers for, checked before it starts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings import Settings, WechatAccount, WechatMode

MIN_TOKEN = 16
"""Characters. The platform takes 3 to 32; with a short one, signatures can be guessed offline."""

_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class AccountError(ValueError):
    """An account's settings can't be used; the message names the setting and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """One Official Account."""

    app_id: str
    token: str
    keys: tuple[bytes, ...] = ()
    """AES keys of 32 bytes, the present one first; none: plain mode."""
    secret: str = ""
    mode: WechatMode = "passive"


def load_accounts(settings: Settings) -> dict[str, Account]:
    """Read the accounts by path: ``""`` is the one at ``/wechat``, the others by their AppID.

    Empty where no ``WECHAT_TOKEN`` is set.

    Raises:
        AccountError: a token is too short, a key malformed, or something is missing.
    """
    if not settings.wechat_token.get_secret_value():
        if settings.wechat_accounts:
            raise AccountError("WECHAT_ACCOUNTS is set, but WECHAT_TOKEN is not")
        return {}
    first = WechatAccount(
        token=settings.wechat_token,
        aes_key=settings.wechat_aes_key,
        aes_key_previous=settings.wechat_aes_key_previous,
        app_id=settings.wechat_app_id,
        app_secret=settings.wechat_app_secret,
        mode=settings.wechat_mode,
    )
    accounts = {"": _account(first, "WECHAT_{}")}
    for further in settings.wechat_accounts:
        account = _account(further, "{} of WECHAT_ACCOUNTS " + repr(further.app_id))
        if not account.app_id or account.app_id in (known.app_id for known in accounts.values()):
            raise AccountError("every one of WECHAT_ACCOUNTS needs an APP_ID of its own")
        accounts[account.app_id] = account
    return accounts


def _account(given: WechatAccount, names: str) -> Account:
    token = given.token.get_secret_value()
    if len(token) < MIN_TOKEN or len(set(token)) < MIN_TOKEN // 2:
        raise AccountError(
            f"{names.format('TOKEN')} can be guessed: take at least {MIN_TOKEN} random letters and "
            "digits, here and in the account's server configuration"
        )
    keys = tuple(_keys(given, names))
    secret = given.app_secret.get_secret_value()
    if keys and not given.app_id:
        raise AccountError(f"{names.format('AES_KEY')} needs {names.format('APP_ID')}")
    if given.mode == "push" and not (given.app_id and secret):
        raise AccountError(
            f"push mode needs {names.format('APP_ID')} and {names.format('APP_SECRET')}"
        )
    return Account(given.app_id, token, keys, secret, given.mode)


def _keys(given: WechatAccount, names: str) -> Iterator[bytes]:
    present = given.aes_key.get_secret_value()
    previous = given.aes_key_previous.get_secret_value()
    if previous and not present:
        raise AccountError(f"{names.format('AES_KEY_PREVIOUS')} needs {names.format('AES_KEY')}")
    for name, key in (("AES_KEY", present), ("AES_KEY_PREVIOUS", previous)):
        if key:
            yield _decode(key, names.format(name))


def _decode(key: str, name: str) -> bytes:
    try:
        if not _KEY.fullmatch(key):
            raise AccountError(f"{name} is not an EncodingAESKey: 43 letters and digits")
        # The last character carries two bits too many; the platform's own samples set them.
        return base64.b64decode(key + "=")
    except binascii.Error as error:
        raise AccountError(f"{name} is not an EncodingAESKey: {error}") from error
