"""What is told of hospitals, offices and lists: to visitors, to counties, to the other scheme."""

from __future__ import annotations

import pytest

from bot.reply import Status
from tests.bot.answering.conftest import Ask


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("安徽的医保，来镇江要在市一院住院，能当场刷不", "**可以"),
        ("安徽的医保，来镇江要在口腔医院住院，能当场刷不", "**不可以"),
        ("南京的医保，到镇江市口腔医院看牙齿，联网刷卡开通了没有", "**可以"),
        ("我是上海医保，人在镇江，去中医院看门诊能刷卡不", "**可以"),
        ("我是安徽医保，人在镇江，去中医院看门诊能刷卡不", "镇江市中医院："),
        ("河南的医保，来镇江想在宜城社区那个中心住两天院，卡能直接结不", "**不可以"),
        ("表妹从上海来镇江，她上海的卡在宜城社区能看门诊吗", "**不可以"),
    ],
)
def test_a_visitor_is_told_what_a_hospital_settles_with_his_place(
    ask: Ask, question: str, opening: str
) -> None:
    reply = ask(question)
    assert reply.text.startswith(opening)
    assert "zhenjiang/local-hospitals#table" in {c.clause for c in reply.citations}


@pytest.mark.parametrize(
    ("question", "column", "lacking"),
    [
        ("我妈安徽的医保，来镇江住院去哪家能刷她的卡", "跨省住院联网结算", True),
        ("我是上海的医保，镇江哪些医院看门诊能刷卡", "上海门诊联网结算", True),
        ("扬州医保，来镇江看门诊，社区能刷卡吗", "省内联网结算", False),
    ],
)
def test_a_visitor_is_told_which_hospitals_settle_with_his_place(
    ask: Ask, question: str, column: str, lacking: bool
) -> None:
    reply = ask(question)
    assert f"“{column}”" in reply.text
    assert ("- 镇江市口腔医院" in reply.text) is lacking
    assert [c.clause for c in reply.citations] == ["zhenjiang/local-hospitals#table"]


def test_a_visitor_is_told_that_no_column_is_for_his_visit(ask: Ask) -> None:
    reply = ask("河南医保，在镇江看门诊能刷卡吗")
    assert reply.status is Status.NOT_FOUND
    assert "没有写" in reply.text
    assert "0511-85340390" in reply.text


@pytest.mark.parametrize(
    "question", ["湖北的医保来新余住院能报吗", "四川的农合，来镇江住院要带什么手续"]
)
def test_what_holds_for_a_citys_own_patients_is_not_told_to_visitors(
    ask: Ask, question: str
) -> None:
    assert ask(question).status is Status.NOT_FOUND


def test_which_of_a_list_are_of_a_district(ask: Ask) -> None:
    text = ask("镇江退休的，住在上海松江闺女家，松江那块哪些地方看门诊能当场刷我的卡").text
    assert "九亭" in text
    assert "枫泾" not in text


def test_a_visitor_is_told_no_figures(ask: Ask) -> None:
    assert ask("安徽医保在镇江一院住院报多少").status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("我是扬中的，你们那个医保中心在哪条路上", "江洲西路"),
        ("丹阳医保局电话多少", "0511-88033955"),
        ("苏州的医保经办机构在哪里", "平泖路"),
    ],
)
def test_the_office_is_that_of_the_county_or_city(ask: Ask, question: str, told: str) -> None:
    assert told in ask(question).text


@pytest.mark.parametrize(
    "question",
    [
        "镇江人，想去南京鼓楼医院看腰，还要先找主任开转院单子吗",
        "镇江的，想到上海瑞金医院看病，要不要先开转院证明",
    ],
)
def test_papers_for_a_hospital_are_no_question_about_it(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith("不用开了")


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        (
            "我爸在无锡突发脑梗，住进了南京的医院，没来得及备案，怎么办",
            "wuxi/unregistered#emergency",
        ),
        ("常州的，在北京出差突发心梗住院，没备案怎么办", "changzhou/claims#emergency"),
        (
            "在无锡打工，老家河南的，社保在无锡交的，回老家住院怎么报",
            "wuxi/out-of-area-overview#which-route",
        ),
    ],
)
def test_how_one_comes_to_be_elsewhere_tells_the_clause(
    ask: Ask, question: str, clause: str
) -> None:
    assert ask(question).citations[0].clause == clause


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("新余职工去南昌看病报多少", {"xinyu/out-of-area", "xinyu/referral"}),
        ("新余职工医保，在宜春住院用不用备案", {"xinyu/out-of-area"}),
        ("新余的，人在广州打工，生病住院怎么报", {"xinyu/out-of-area"}),
        ("新余居民，去省城的大医院住院要先办什么", {"xinyu/out-of-area", "xinyu/referral"}),
        ("无锡，自己跑去外地大医院住院，没办转院，怎么报", {"wuxi/unregistered"}),
        ("无锡，去年在外地住院没走转院，报销打几折", {"wuxi/unregistered"}),
        ("无锡，没转院证明自己去的外地，先自己承担多少", {"wuxi/unregistered"}),
        ("新余居民，回湖北老家过年，半夜心梗送医院，能报吗", {"xinyu/out-of-area"}),
    ],
)
def test_care_elsewhere_is_told_by_the_documents_on_it(
    ask: Ask, question: str, documents: set[str]
) -> None:
    assert {ask(question).citations[0].clause.partition("#")[0]} <= documents


@pytest.mark.parametrize("question", ["新余居民在长沙住院起付线多少", "新余职工到上海住院报几成"])
def test_figures_of_care_elsewhere_say_whose_they_are(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert "办了备案或转诊在外地就医，起付线、比例和封顶线按新余的" in reply.text
    assert "xinyu/out-of-area#standards" in {c.clause for c in reply.citations}


@pytest.mark.parametrize(
    "question", ["新余人在镇江打工，住院怎么报", "无锡人在常州上班，门诊报多少"]
)
def test_who_lives_in_another_covered_place_is_asked_where_the_insurance_is(
    ask: Ask, question: str
) -> None:
    reply = ask(question)
    assert reply.status is Status.CLARIFY
    assert "在哪里参加" in reply.text


@pytest.mark.parametrize(
    "question", ["镇江异地备案后多久能换地方", "镇江，备案到上海了，想改成南京怎么改"]
)
def test_changing_the_place_of_registration_is_told_only_where_it_is_written(
    ask: Ask, question: str
) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert "“变更备案”（镇江" in reply.text
    assert "不能变更安置地" in ask("常州，备案了多久能换地方").text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "无锡 精神分裂症 门诊 报销",
            "参加的是职工医保的，无锡职工医保门诊慢性病（门慢）的名单里没有",
        ),
        ("新余，高血压门诊报销", "参加的是居民医保的，新余居民门诊特殊慢性病里也有“高血压病”"),
    ],
)
def test_the_other_schemes_list_is_told_of_where_the_scheme_is_open(
    ask: Ask, question: str, told: str
) -> None:
    assert told in ask(question).text


def test_a_scheme_that_is_told_is_the_only_one(ask: Ask) -> None:
    assert "参加的是" not in ask("无锡居民，精神病门诊特殊病报多少").text


def test_where_one_is_treated_is_no_part_of_a_diseases_name(ask: Ask) -> None:
    assert ask("新余职工，痛风门诊能办慢病吗").text.startswith("**名单里没有写到“痛风”。**")


def test_a_disease_of_the_other_schemes_list_is_not_on_ones_own(ask: Ask) -> None:
    reply = ask("嫂子得的系统性硬皮病，交的农村医保，新余，能不能办慢病卡")
    assert reply.text.startswith("**不在居民医保的名单里。**")
    assert "职工" in reply.text


def test_a_class_that_is_asked_for_comes_first(ask: Ask) -> None:
    reply = ask("新余单位交的医保，精神分裂算第一类还是第二类慢性病")
    assert reply.text.startswith("**第一类")


def test_what_stands_on_one_prescription_is_no_question_of_a_list(ask: Ask) -> None:
    reply = ask("新余居民医保有慢病卡，止咳药能跟血压药开在一张单子上吗")
    assert "名单里没有写到" not in reply.text


@pytest.mark.parametrize("question", ["我们江阴农村的居民医保，住院报多少", "宜兴居民医保报几成"])
def test_a_county_is_told_where_the_documents_leave_it_out(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.status is Status.NOT_FOUND
    assert "wuxi/resident-basics#scope" in {c.clause for c in reply.citations}


@pytest.mark.parametrize(
    "question", ["我是合肥的，到常州看病医保能用吗", "我是外地的，到常州看病医保能用吗"]
)
def test_a_visitor_is_not_told_of_the_citys_own_cards(ask: Ask, question: str) -> None:
    assert ask(question).status is Status.NOT_FOUND


def test_a_visitor_who_names_no_place_is_told_what_is_for_visitors(ask: Ask) -> None:
    reply = ask("在无锡看病，医保是外地的，住院能直接结算吗")
    assert "wuxi/out-of-area-2019#incoming" in {c.clause for c in reply.citations}


@pytest.mark.parametrize(
    "question",
    [
        "镇江职工，骨髓移植去苏州做算不算特殊项目",
        "镇江职工，妹妹要移骨髓，亲姐姐配上的，去苏州做，归不归特殊那档",
    ],
)
def test_what_a_list_has_of_one_kind_only_is_said_to_be_so(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.text.startswith("**名单里写的是“非亲缘性骨髓移植术”。**")
    assert "确认" in reply.text


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        (
            "我镇江职工医保，人调到常州上班常住了，想在那边直接刷卡看病，怎么弄",
            "zhenjiang/registration#long-term",
        ),
        ("镇江职工，要去北京开刀，想当场刷卡，怎么弄", "zhenjiang/registration#transfer"),
        (
            "常州交的社保，派我去昆山管两年线。想在那边看病能刷，要交哪些东西",
            "changzhou/out-of-area#materials",
        ),
        (
            "常州职工退休，轮着住南京和杭州，手续办好了的话，看门诊在哪边能刷卡",
            "changzhou/networked-settlement#kinds",
        ),
        (
            "无锡职工，备案在安徽合肥，在那边看门诊能刷卡吗",
            "wuxi/out-of-area-long-term-cross-province#outpatient",
        ),
    ],
)
def test_before_the_card_comes_the_register(ask: Ask, question: str, clause: str) -> None:
    assert ask(question).citations[0].clause == clause


def test_documents_that_differ_say_no_yes(ask: Ask) -> None:
    reply = ask("无锡居民医保，医院开了转上海的单子，住院到底能不能当场刷卡")
    assert not reply.text.startswith("**")
    assert "暂时不能" in reply.text
