"""Facts as people state them."""

from __future__ import annotations

import pytest

from bot.understanding.facts import read_facts


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("我爸退休了", "employment", "retired"),
        ("我还没退休", "employment", "working"),
        ("我弟弟还上班", "employment", "working"),
        ("住的三甲医院", "hospital_level", "3"),
        ("在卫生院住的院", "hospital_level", "community"),
        ("没经过社区转诊直接去的", "referral", "unreferred"),
        ("社区给开了转诊单", "referral", "referred"),
        ("出差在外地突然急病住院", "route", "emergency"),
        ("没备案就去了", "route", "unregistered"),
        ("啥手续都没办", "route", "unregistered"),
        ("自己转院过去的", "route", "self_referral"),
        ("医院给转到上海", "route", "hospital_referral"),
        ("常年住在女儿那边", "route", "long_term"),
        ("我们家是低保", "hardship", True),
        ("我不是低保", "hardship", False),
        ("女儿上小学", "student", True),
        ("我妈七十多岁了", "age", 70),
        ("快七十岁", "age", 69),
        ("我今年71", "age", 71),
        ("医保连着交了6年", "insured_years", 6),
        ("今年第三趟住院", "admission_no", 3),
        ("头一回住院", "admission_no", 1),
        ("剖腹产", "delivery_mode", "cesarean"),
        ("去做产检", "item", "antenatal"),
        ("我妈退下来好些年了", "employment", "retired"),
        ("我在厂里上班", "employment", "working"),
        ("没叫社区转就住进去了", "referral", "unreferred"),
        ("从来没备过案", "route", "unregistered"),
        ("家父六十八，冠心病", "age", 68),
        ("今年41在上班", "age", 41),
        ("之前已经住过一次了", "admission_no", 2),
        ("第一次花了8000，这次花了1万", "admission_no", 2),
        ("今年住了两次院", "admission_no", 2),
        ("媳妇剖的", "delivery_mode", "cesarean"),
        ("二级医院生的宝宝", "item", "delivery"),
        ("在镇卫生院（一级）住的院", "hospital_level", "1"),
        ("不属于那十八种特殊项目", "special_procedure", False),
        ("又不是什么特殊项目", "special_procedure", False),
        ("II类慢性病有哪些", "disease_class", "2"),
        ("I类慢性病有哪些", "disease_class", "1"),
        ("换成别的手术", "special_procedure", False),
        ("做个普通的胃镜检查", "special_procedure", False),
        ("开刀生的", "delivery_mode", "cesarean"),
        ("南京住的院", "item", "inpatient"),
        ("不是格列卫，是新进的特药", "drug_group", "new"),
        ("今年第二次住院了，这次花了1万", "admission_no", 2),
        ("第二次花了6000，这次花了1万", "admission_no", 3),
        ("离退休还早", "employment", "working"),
        ("离退休还有三年", "employment", "working"),
        ("不是社区卫生服务中心，在二级医院", "hospital_level", "2"),
        ("在镇卫生院住了几天，一级的", "hospital_level", "1"),
        ("我奶奶八十二了农村的", "age", 82),
        ("我小叔子没退，二级", "employment", "working"),
        ("乡卫生院是一级医院", "hospital_level", "1"),
        ("在卫生院看了看，又去二级医院住院", "hospital_level", "2"),
        ("他上个月刚住过一回的", "admission_no", 2),
        ("三月份住过院", "admission_no", 2),
        ("今年前头已经进去过两趟了", "admission_no", 3),
        ("今年住过两次院，一共花了3万", "admission_no", 2),
        ("生小孩没挨刀", "delivery_mode", "natural"),
        ("生孩子，动了刀的", "delivery_mode", "cesarean"),
    ],
)
def test_a_stated_fact_is_read(message: str, fact: str, value: object) -> None:
    assert read_facts(message).facts[fact] == value


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("高血压三级能报吗", "hospital_level"),
        ("一级护理一天多少钱", "hospital_level"),
        ("生孩子能报多少", "student"),
        ("没去社区，直接去了三级", "age"),
        ("住院能报多少", "admission_no"),
        ("你们上班时间几点到几点", "employment"),
        ("没去社区卫生服务中心", "hospital_level"),
        ("不是社区卫生服务中心", "hospital_level"),
        ("去看病的，不长住", "route"),
        ("退休手续还没办，明年才退", "route"),
        ("住的普通病房", "special_procedure"),
        ("去其他医院做检查", "special_procedure"),
    ],
)
def test_words_that_only_look_like_a_fact_state_none(message: str, fact: str) -> None:
    assert fact not in read_facts(message).facts


@pytest.mark.parametrize("message", ["算不算特殊项目", "是不是特殊项目"])
def test_asking_whether_denies_nothing(message: str) -> None:
    assert read_facts(message).facts.get("special_procedure") is not False


def test_a_child_named_for_its_parent_is_not_the_patient() -> None:
    assert read_facts("孩子她妈住院了").facts["student"] is False
    assert read_facts("二级医院生的宝宝").facts.get("student") is None


def test_two_values_are_kept_for_comparing() -> None:
    stated = read_facts("三级医院和二级医院哪个报得多")
    assert stated.several["hospital_level"] == ("3", "2")
    assert "hospital_level" not in stated.facts


def test_the_scheme_is_named_or_implied() -> None:
    assert read_facts("我是居民医保").insurance == "resident"
    assert read_facts("新农合的").insurance == "resident"
    assert read_facts("公司给买的医保").insurance == "employee"
    assert read_facts("没单位，自己缴的社保").insurance == "employee"
    assert read_facts("在村里种地的").insurance_implied == "resident"
    retired = read_facts("我退休了")
    assert retired.insurance is None
    assert retired.insurance_implied == "employee"


def test_whose_question_it_is() -> None:
    assert read_facts("我想问问我爸的情况").person == "father"
    assert read_facts("我住院了").person == "self"
    assert read_facts("孩子他爸住院了").person == "spouse"
    assert read_facts("刚问了我弟，是三级").person is None
    assert read_facts("我叔叔住院了").person != read_facts("那我舅舅呢").person
    assert read_facts("我大姨住院了").person not in (None, "mother")
    assert read_facts("听邻居说二级报得多").person is None


@pytest.mark.parametrize(
    "message", ["去年三月份住过一次", "去年住过两次院", "前几年住过一回", "之前没住过院"]
)
def test_a_stay_of_another_year_doesnt_count(message: str) -> None:
    assert "admission_no" not in read_facts(message).facts


@pytest.mark.parametrize(
    ("message", "person"),
    [
        ("儿子讲我搞错了，做的不是搭桥", None),
        ("我闺女说单子看错了，是两万六", None),
        ("我爸说他也住院了", "father"),
        ("我妈说腰疼要住院", "mother"),
        ("我爸查了是肺癌", "father"),
    ],
)
def test_a_relative_who_only_speaks_is_no_patient(message: str, person: str | None) -> None:
    assert read_facts(message).person == person


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("一级的镇卫生院住了一礼拜", "1"),
        ("在二级的社区医院住院", "2"),
        ("镇卫生院住了几天，一级的", "1"),
        ("镇卫生院住了一礼拜", "community"),
        ("一级医院和社区医院哪个报得多", None),
        ("二级医院转回社区住", None),
    ],
)
def test_the_level_told_goes_before_what_the_hospital_implies(
    message: str, level: str | None
) -> None:
    assert read_facts(message).facts.get("hospital_level") == level
