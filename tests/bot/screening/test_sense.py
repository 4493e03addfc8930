"""The second opinion: emergencies in words that no rule knows, with the real model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.reply import Status
from bot.screening import Kind, answer, screen
from bot.screening.sense import EXAMPLES, Sense
from bot.understanding.text import normalise
from corpus.embedding import NanoEngine, Vectors

UNUSUAL = """
小孩把纽扣电池吞下去了
大姨妈血量特别大人都站不稳了快晕了
我哥喝完酒怎么拍都没声音
老妈脸色蜡黄浑身湿透坐都坐不住
弟弟被钢筋穿过大腿了
有个大爷在公园里躺着不动身体冰凉
宝宝嘴唇乌紫哭不出声来
"""
HARMLESS = """
社区的
有三个月了
我在厂里上班
娃上小学
都不是
常州金坛
单位给交的
糖尿病有没有
住满几天
窗口几点开门
去药店行不行
年底没用完怎么办
卡给别人用行吗
嗯就是这样
"""


@pytest.fixture(scope="module")
def sense(tmp_path_factory: pytest.TempPathFactory) -> Sense:
    return Sense(NanoEngine(), tmp_path_factory.mktemp("data"))


def test_most_unusual_emergencies_are_noticed(sense: Sense) -> None:
    messages = [normalise(message) for message in UNUSUAL.strip().splitlines()]
    noticed = [m for m in messages if screen(m, sense).kind is Kind.EMERGENCY]
    assert len(noticed) >= len(messages) - 1


def test_ordinary_messages_are_not_alarming(sense: Sense) -> None:
    messages = [normalise(message) for message in HARMLESS.strip().splitlines()]
    assert [m for m in messages if screen(m, sense).kind in (Kind.EMERGENCY, Kind.CRISIS)] == []


def test_a_question_about_policy_isnt_put_to_the_model(sense: Sense) -> None:
    assert answer(normalise("孩子吞了纽扣电池做胃镜取出来能报吗"), sense) is None


def test_the_reply_is_that_of_an_emergency(sense: Sense) -> None:
    reply = answer("小孩把纽扣电池吞下去了", sense)
    assert reply is not None
    assert reply.status is Status.EMERGENCY


def test_no_message_of_this_test_is_an_example() -> None:
    examples = set(EXAMPLES.read_text(encoding="utf-8").splitlines())
    assert not examples & {*UNUSUAL.splitlines(), *HARMLESS.splitlines()} - {""}


class Counting:
    """A model that counts how often it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.calls = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return np.eye(len(texts), 8, dtype=np.float32)

    passages = queries


def test_the_vectors_are_kept_for_the_next_start(tmp_path: Path) -> None:
    model = Counting()
    Sense(model, tmp_path)
    Sense(model, tmp_path)
    assert model.calls == 1
    assert len(list(tmp_path.iterdir())) == 1
