"""A clause that doesn't state the time, the papers or the number asked for is no answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.answering.conftest import Ask

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    "question",
    [
        "常州的转院备案表，开好了能管几天",
        "镇江转外备案办一次能管多久",
        "常州特药资格办下来管多久",
        "常州社保卡补办要几个工作日",
        "新余职工冠心病办门诊慢性病要带哪些材料、几张照片",
        "常州的，达希纳一个月最多给配几盒",
        "无锡报销的病历要复印几份",
        "无锡离休的，家属代配药证到哪里领",
        "常州转院备案有效期多久",
        "无锡大市一卡通有效期几年",
        "新余异地备案手机上能办吗",
        "新余居民慢性病卡丢了怎么补",
    ],
)
def test_the_nearest_clause_without_the_fact_is_not_shown(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert "没有写" in reply.text


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("无锡自主转院就医，备案后多久内要入院", "wuxi/self-referral#validity"),
        ("常州社保卡临时挂失管几天", "changzhou/lost-card#temporary-loss"),
        ("常州异地备案多久能生效", "changzhou/out-of-area#valid"),
        (
            "在新余住院，打完针回去做个饭再来，出病房几个钟头以内不算违规",
            "xinyu/hospital-rules#leave",
        ),
        ("新余转院怎么办，要多久", "xinyu/referral#steps"),
        ("新余居民，慢病一次最多能开几盒药", "xinyu/resident-outpatient-special#prescription"),
        ("新余出院能带几支针回家打吗", "xinyu/discharge#take-home-drugs"),
        ("常州的临时卡去哪里领", "changzhou/lost-card#temporary-card"),
        (
            "无锡职工没从社区转，自己去二院看了皮肤，给报吗",
            "wuxi/employee-outpatient#unreferred",
        ),
        ("常州，异地登记过的自己垫了钱，身上要揣哪几样去报", "changzhou/claims#registered"),
        ("无锡的，市区江阴宜兴通用的卡，手机上能办吗", "wuxi/out-of-area-card#apply-online"),
        (
            "婆婆中风后遗症瘫在床上，新余居民，说能办慢病本子，到底去哪办",
            "xinyu/resident-outpatient-special#apply",
        ),
    ],
)
def test_a_clause_that_states_it_answers(ask: Ask, question: str, clause: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert clause in {citation.clause for citation in reply.citations}


def test_whether_it_goes_by_phone_isnt_told_by_a_clause_that_speaks_of_no_phone(ask: Ask) -> None:
    assert "不可以" not in ask("新余居民慢性病卡能手机上办吗").text


def test_where_the_documents_say_that_they_dont_say_that_is_cited(ask: Ask) -> None:
    reply = ask("镇江职工在广州看病卡没刷成自己垫的，发票多久之内要拿回来报")
    assert reply.status is Status.NOT_FOUND
    assert reply.citations[0].clause == "zhenjiang/not-stated#cash-claims"


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("镇江去外地看病，登记去哪条路上办", "zhenjiang/registration#where"),
        ("无锡大市一卡通微信上能弄吗", "wuxi/out-of-area-card#apply-online"),
        ("无锡自主转院备案管多久", "wuxi/self-referral#validity"),
        ("常州备案几天生效", "changzhou/out-of-area#valid"),
    ],
)
def test_a_clause_with_what_is_asked_for_is_shown(ask: Ask, question: str, clause: str) -> None:
    assert ask(question).citations[0].clause == clause


def test_papers_that_nobody_signed_are_not_asked_for(ask: Ask) -> None:
    reply = ask("新余半夜急转走的，什么单子都没签，后补手续是几天")
    assert "6 个工作日" in reply.text


def test_a_stay_told_in_other_words_is_one(ask: Ask) -> None:
    reply = ask("我住新余的医院，离家就两站路，打完吊针想回家洗个澡，最多能出来几个钟头不算违规")
    assert "12 小时" in reply.text


def test_papers_are_told_by_a_clause_that_leaves_a_time_open(talk: Talk) -> None:
    *_, reply = talk(
        "常州退休职工，上海的异地早办好了，单子能不能就在上海交掉",
        "那要是过年顺便带回常州报，身上要备好哪些东西",
    )
    assert "发票" in reply.text
