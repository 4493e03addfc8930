"""Figures of the policy: those for what lies above a sum, and for a year."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    ("question", "share", "others"),
    [
        ("新余职工，过了十万那条线以后，后面给报几成", "90%", "95%"),
        ("新余职工住院一年报超过10万了，超出的部分报多少", "90%", "98%"),
        ("新余职工，一年10万的额度听说用满了，满了以后再花的报几成", "90%", "95%"),
        ("无锡职工在职，住院四万块以上的部分自己出几成", "8%", "12%"),
        ("无锡职工退休，住院一万到四万那段报几成", "95%", "94%"),
    ],
)
def test_what_lies_above_a_sum(talk: Talk, question: str, share: str, others: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.ANSWERED
    assert share in reply.text
    assert others not in reply.text


@pytest.mark.parametrize(
    "question", ["新余居民一年十万报满了，后面报百分之几", "常州职工住院统筹报满15万以后报几成"]
)
def test_what_the_documents_leave_open_above_a_cap(talk: Talk, question: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.NOT_FOUND
    assert "没有写明" in reply.text
    assert reply.citations


@pytest.mark.parametrize(
    ("question", "share", "cap"),
    [
        ("无锡退休职工，门慢一年能报多少，我71岁", "80%", "4,000"),
        ("无锡职工在职，门诊统筹每年报多少", "70%", "5,000"),
    ],
)
def test_what_a_year_brings_is_a_share_up_to_a_cap(
    talk: Talk, question: str, share: str, cap: str
) -> None:
    (reply,) = talk(question)
    assert share in reply.text
    assert cap in reply.text


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        (
            "无锡退休职工74岁，门慢签好了，一年能吃多少钱的药，前头不给报的那截多少",
            ("4,000", "600"),
        ),
        ("无锡居民，小学生住三级医院，头上不给报的那一截是几钿", ("600 元",)),
        ("无锡居民连续交了八年，心脏要搭桥，一年顶多出多少", ("250,000",)),
        ("无锡居民，肾衰，每周上三次机器，做完就回家不住下来，医保帮我付几成", ("90%",)),
        ("我是镇江职工，在上海复诊，先自付是十还是四十", ("10%", "40%")),
        ("男的，两个孩子不想再生了，新余厂里那个医保，结扎给报多少", ("400 元",)),
    ],
)
def test_a_figure_asked_for_in_other_words(
    talk: Talk, question: str, figures: tuple[str, ...]
) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.ANSWERED
    assert all(figure in reply.text for figure in figures)


def test_before_signing_up_no_share_is_promised(talk: Talk) -> None:
    share, before = talk("无锡居民，门诊血透报几成", "要是还没去登记，前面做掉的那几次呢")
    assert "90%" in share.text
    assert "90%" not in before.text
    assert "登记备案" in before.text


@pytest.mark.parametrize("disease", ["红斑狼疮", "糖尿病"])
def test_what_is_not_among_the_diseases_is_said_not_to_be(talk: Talk, disease: str) -> None:
    (reply,) = talk(f"无锡居民，七种特殊病里有{disease}吗")
    assert reply.text.startswith(("**名单里没有写到", "**不在"))
    assert "血友病" in reply.text
