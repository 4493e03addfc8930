"""A subject that a city's documents don't speak of gets no answer from the nearest clause."""

from __future__ import annotations

import pytest

from bot.answering import subjects
from bot.reply import Status
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause, Insurance
from tests.bot.answering.conftest import Ask


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("无锡居民医保一个人一年要交多少钱", "保费"),
        ("我在上海工作过三年，现在回无锡了，医保关系怎么转回来", "医保关系转移"),
        ("无锡职工装假牙花了八千能报多少", "牙"),
        ("无锡居民医保，叫救护车花了四百，能不能报", "救护车"),
        ("新余职工个人账户里的钱可以给儿子用吗", "家庭共济"),
        ("常州职工，摔断腿住院要填什么表去哪批", "意外受伤"),
        ("新余退休职工每个月往卡里打多少", "个人账户"),
        ("常州买个轮椅给我爸用，职工医保能报吗", "轮椅"),
        ("常州住院押金要交多少", "押金"),
        ("镇江职工去药店买感冒药能刷医保吗", "药店"),
        ("我镇江的卡，现住扬州，拿社保卡到楼下药房配药刷得了吗", "药店"),
        ("镇江职工，我老公在苏州开刀，他自付的那块能不能从我卡里扣", "家庭共济"),
        ("镇江去上海看病，高铁票和旅馆的钱报不报", "交通"),
        ("无锡退休的，医保卡上每个月打进来多少", "个人账户"),
        ("镇江备案以后，卡在本地会不会被冻结", "卡在本地还能不能用"),
        ("镇江医保大厅星期六开不开门", "上班时间"),
        ("新余居民，就是感冒看个门诊，不是慢病，报几成", "普通门诊"),
        ("新余居民，没得什么慢病，嗓子痛看普通小病的门诊花了90，一年报多少", "普通门诊"),
        ("新余职工，我爸去年住院是120接去的，车费380块，已经出院了，这车钱报不报", "救护车"),
        ("新余退休的，一年往下划到医保卡里的是多少", "个人账户"),
        ("无锡低保户门诊救助报多少", "救助"),
        ("常州公务员补助报多少", "公务员"),
        ("常州社保卡换一张要不要工本费", "办手续收的费"),
        ("无锡门慢鉴定要收钱吗", "办手续收的费"),
        ("镇江备案能不能叫我妹妹去办", "请别人代办"),
        ("无锡居民医保，大病保险起付线是多少", "大病保险"),
        ("无锡职工住院报完自己还掏了五万，大病保险能再报几成", "大病保险"),
        ("新余异地备案办了，现在想取消，几个月以后可以", "取消备案"),
        ("无锡居民一年交多少钱", "保费"),
        ("新余拍个CT能不能报", "CT"),
        ("常州社保卡密码忘了怎么办", "密码"),
        ("常州异地的发票能邮寄过去报吗", "邮寄"),
        ("镇江的，上海看门诊能刷我老公的卡吗", "借用"),
        ("新余门诊慢性病的待遇在外地能用吗", "慢性病在外地"),
        ("无锡职工，卡里铜钿用不光，好拨老太婆看病用伐", "家庭共济"),
        ("常州职工医保断缴一个月有影响吗", "断缴"),
        ("无锡社保卡丢了怎么补", "社保卡的补办"),
    ],
)
def test_what_the_documents_are_silent_on_is_named(ask: Ask, question: str, subject: str) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert subject in reply.text
    assert "12393" in reply.text


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("常州单位职工，产假那几个月的生育津贴怎么算", "changzhou/not-stated#employed-maternity"),
        ("常州职工，15万用光了以后救助基金付百分之几", "changzhou/cap#above-cap"),
        (
            "镇江职工，在苏州看急诊没带卡，自己付了900，发票拿到哪里报",
            "zhenjiang/not-stated#cash-claims",
        ),
    ],
)
def test_a_clause_that_leaves_it_open_is_cited(ask: Ask, question: str, clause: str) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert clause in {citation.clause for citation in reply.citations}


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("无锡车祸住院医保给不给报", "wuxi/exclusions#list"),
        ("新余职工做试管婴儿能报吗", "xinyu/employee-maternity#not-covered"),
        ("新余押金多交了什么时候退给我", "xinyu/discharge#refund"),
        ("新余职工，下楼梯崴断脚住进来，说要填个表，到哪里批", "xinyu/admission#accident"),
        ("常州的，统筹报到顶了，后面的钱怎么弄", "changzhou/cap#above-cap"),
        (
            "镇江的，儿子去东莞进厂，暂住证还没得，能先给他备案不",
            "zhenjiang/registration#migrant-workers",
        ),
        ("老婆没医保，拿我的新余医保卡给她看病行不行", "xinyu/hospital-rules#borrowed-card"),
        ("常州社保卡丢了先打什么电话挂失", "changzhou/lost-card#temporary-loss"),
        ("常州，电话里先把卡锁了，能锁几天", "changzhou/lost-card#temporary-loss"),
        ("无锡，儿子跟人打相打缝了七针，医保认不认", "wuxi/exclusions#list"),
        (
            "无锡职工，备了案在上海长住，再办个大市一卡通行吗",
            "wuxi/out-of-area-long-term-cross-province#after-city-card",
        ),
        (
            "镇江，南京配的药和杭州住院用的药，认的是不是同一本单子",
            "zhenjiang/out-of-area-basics#catalogue-and-policy",
        ),
        ("住院超过15天会被要求出院再住进去吗，新余的", "xinyu/hospital-targets#indicators"),
        ("常州办了异地，回来卡锁了怎么办", "changzhou/out-of-area#card-locked"),
        ("新余的，新生儿参保头一年要不要交钱", "xinyu/newborn#contribution"),
        ("常州异地备案让我妹去办行吗，她要带身份证不", "changzhou/out-of-area#materials"),
        ("镇江的，我替我妈去备案，她长住南京，要带什么", "zhenjiang/registration#long-term"),
        ("常州退休的，医保卡怕是丢菜场了，夜里也能冻起来吗", "changzhou/lost-card#temporary-loss"),
        (
            "孩子没保住流掉了，住了三天院，新余居民医保，能报吗",
            "xinyu/resident-exclusions#pregnancy-loss",
        ),
        (
            "无锡的，医院转外备过案了，回来之前在无锡卡还能不能用",
            "wuxi/hospital-referral#home-card",
        ),
        (
            "常州职工，转院到上海刷卡结掉的，垫钱的人少十个点，我刷卡的也少吗",
            "changzhou/referral#rate",
        ),
    ],
)
def test_what_a_clause_speaks_of_is_answered_from_it(ask: Ask, question: str, clause: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert clause in {citation.clause for citation in reply.citations}


@pytest.mark.parametrize(
    "question",
    [
        "无锡职工体检查出肺结节，在职，二级医院第一次住院起付线多少",
        "我交了二十年医保，无锡退休职工，二级医院住院花了15000能报多少",
        "无锡职工叫救护车送到二级医院住院，在职，第一次，起付线多少",
        "常州我从国外刚回来，异地就医备案怎么取消",
        "新余居民我还买了商业保险，出院报医保要带什么材料",
    ],
)
def test_a_word_in_passing_is_no_subject(ask: Ask, question: str) -> None:
    assert ask(question).status is Status.ANSWERED


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("新余职工生育津贴能拿多少钱", "xinyu/employee-maternity#allowance"),
        (
            "无锡异地报销材料交上去几个工作日到账",
            "wuxi/out-of-area-claims#processing-time-not-stated",
        ),
        ("常州职工门诊报百分之几", "changzhou/not-stated#outpatient"),
    ],
)
def test_a_clause_that_leaves_the_amount_open_is_cited(
    ask: Ask, question: str, clause: str
) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert reply.citations[0].clause == clause


def test_a_new_city_is_silent_until_a_clause_of_the_scheme_speaks() -> None:
    asked = _inquiry("种植牙能报吗")
    elsewhere = _clause("oldtown", "both", "种植牙不报。")
    other_scheme = _clause("newtown", "resident", "种植牙不报。")
    own = _clause("newtown", "both", "口腔科里，种植牙由个人付。")
    assert subjects.unwritten(asked, [elsewhere, other_scheme])
    assert not subjects.unwritten(asked, [elsewhere, other_scheme, own])


def _inquiry(text: str) -> Inquiry:
    return Inquiry(
        text=text,
        message=text,
        intent=Intent.MEMBERSHIP,
        kinds=(),
        benefit=None,
        region="newtown",
        elsewhere=None,
        visits=None,
        county=None,
        insurance="employee",
        facts={},
        unknown=frozenset(),
        several={},
        away=False,
    )


def _clause(region: str, insurance: Insurance, text: str) -> Clause:
    return Clause(
        id=f"{region}/teeth#{insurance}",
        title="牙科",
        section="能不能报",
        text=text,
        source="source.txt",
        source_section="一",
        region=region,
        insurance=insurance,
        as_of="unknown",
    )
