"""Weak or incomplete settings are refused, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wechat.accounts import AccountError, load_accounts
from bot.settings import Settings

GOOD: dict[str, Any] = {
    "wechat_token": "Zx81kQw7LmP3vTn6",
    "wechat_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "wechat_app_id": "wx5823bf96d3bd56c7",
    "wechat_app_secret": "secret",
}
MORE = {"token": "Qx81kQw7LmP3vTn9", "app_id": "wx2"}


def load(**changed: Any) -> Any:
    return load_accounts(Settings(_env_file=None, **(GOOD | changed)))


def test_without_a_token_there_is_no_channel() -> None:
    assert load(wechat_token="") == {}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"wechat_token": "short"}, "WECHAT_TOKEN"),
        ({"wechat_token": "a" * 32}, "WECHAT_TOKEN"),
        ({"wechat_aes_key": "x" * 42}, "WECHAT_AES_KEY"),
        ({"wechat_aes_key": "!" * 43}, "WECHAT_AES_KEY"),
        ({"wechat_aes_key_previous": "x"}, "WECHAT_AES_KEY_PREVIOUS"),
        ({"wechat_aes_key": "", "wechat_aes_key_previous": "x" * 43}, "needs WECHAT_AES_KEY"),
        ({"wechat_app_id": ""}, "WECHAT_APP_ID"),
        ({"wechat_mode": "push", "wechat_app_secret": ""}, "WECHAT_APP_SECRET"),
        ({"wechat_token": "", "wechat_accounts": [MORE]}, "WECHAT_TOKEN is not"),
        ({"wechat_accounts": [MORE | {"token": "short"}]}, "'wx2'"),
        ({"wechat_accounts": [MORE, MORE]}, "APP_ID of its own"),
    ],
)
def test_weak_settings_are_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(AccountError, match=reason) as refused:
        load(**changed)
    assert GOOD["wechat_token"] not in str(refused.value)


def test_the_accounts_by_path() -> None:
    accounts = load(wechat_accounts=[MORE], wechat_mode="push")
    assert [(path, account.mode) for path, account in accounts.items()] == [
        ("", "push"),
        ("wx2", "passive"),
    ]
