"""Several accounts behind one server, and the change of a key, as their people see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.wechat.accounts import load_accounts
from bot.channels.wechat.simulate import WeChat
from bot.settings import Settings

pytestmark = pytest.mark.anyio
Serve = Callable[..., Any]

OLD_KEY = "ABCDEFGabcdefghijklmnopqrstuvwxyz0123456789"
SECOND = {
    "token": "Qx81kQw7LmP3vTn9",
    "app_id": "wx2",
    "aes_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
}


async def test_each_account_has_its_own_address_keys_and_people(serve: Serve, talk: Any) -> None:
    async with serve(wechat_accounts=[SECOND]) as server:
        given = {"wechat_token": "Zx81kQw7LmP3vTn6", "wechat_accounts": [SECOND]}
        account = load_accounts(Settings(_env_file=None, **given))["wx2"]
        second = WeChat(server.client, ["http://bot/wechat/wx2"], account, again=0)
        assert await server.says("甲", "oOne") == "答：甲"
        assert (await second.say("oOne", "乙")).text == "答：乙"
        assert (await second.say("oOne", "重发")).text == "答：乙"
        assert await server.says("重发", "oOne") == "答：甲"
        assert len({session for session, _ in talk.asked}) == 2
        for wrong in ("http://bot/wechat", "http://bot/wechat/wx3"):
            stranger = WeChat(server.client, [wrong], account, again=0)
            assert (await stranger.say("oOne", "丙")).text is None
    assert [message for _, message in talk.asked] == ["甲", "乙"]


async def test_both_keys_work_while_one_is_changed(serve: Serve, talk: Any) -> None:
    async with serve(wechat_aes_key_previous=OLD_KEY) as server:
        account = replace(server.account, keys=server.account.keys[::-1])
        with_old_key = WeChat(server.client, ["http://bot/wechat"], account, again=0)
        assert (await with_old_key.say("oOne", "甲")).text == "答：甲"
        assert await server.says("乙", "oOne") == "答：乙"
    async with serve() as server:
        before = WeChat(server.client, ["http://bot/wechat"], account, again=0)
        assert (await before.say("oOne", "丙")).text == "", "acknowledged, not read"
