"""Settings that can't be used are told in a line that an operator can act on, without secrets."""

from __future__ import annotations

import pytest

from bot.startup import STARTUP_ERRORS, explain, read_settings

SECRET = "Hush9kQw7LmP3vTn6"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WECHAT_ACCOUNTS", f'[{{"token": "{SECRET}", app}}]', "WECHAT_ACCOUNTS: not JSON"),
        ("WECHAT_ACCOUNTS", f'{{"token": "{SECRET}"}}', "WECHAT_ACCOUNTS: must be a JSON list"),
        ("WECHAT_ACCOUNTS", f'[{{"token": "{SECRET}"}}]', "WECHAT_ACCOUNTS[0][app_id]"),
        ("WECHAT_ACCOUNTS", f'[{{"token": ["{SECRET}"]}}]', "WECHAT_ACCOUNTS[0][token]"),
        ("WECHAT_ACCOUNTS", f'[{{"{SECRET}": "token"}}]', "WECHAT_ACCOUNTS[0]: has a name"),
        ("WECHAT_MODE", SECRET, "'passive' or 'push'"),
        ("WECHAT_BACKLOG", SECRET, "WECHAT_BACKLOG: "),
    ],
)
def test_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv("WECHAT_TOKEN", SECRET)
    monkeypatch.setenv(name, value)
    with pytest.raises(STARTUP_ERRORS) as caught:
        read_settings()
    assert isinstance(caught.value, Exception)
    told = explain(caught.value)
    assert says in told
    assert SECRET not in told


def test_what_is_no_secret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(STARTUP_ERRORS) as caught:
        read_settings()
    assert isinstance(caught.value, Exception)
    assert "PORT=eighty" in explain(caught.value)
