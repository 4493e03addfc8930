"""Which place a message is about, and what it is in it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.gazetteer import Gazetteer
from bot.understanding.places import Places, read_places
from bot.understanding.text import normalise
from corpus.regions import Region, load_regions

GAZETTEER = Gazetteer(load_regions())


def read(message: str, known: str | None = None) -> Places:
    return read_places(normalise(message), GAZETTEER, known)


@pytest.mark.parametrize(
    ("message", "region", "care"),
    [
        ("无锡", "wuxi", ()),
        ("我是无锡的", "wuxi", ()),
        ("我是无锡人", "wuxi", ()),
        ("我在WuXi交的", "wuxi", ()),
        ("泰瑞沙在不在常州新特药的名单里", "changzhou", ()),
        ("无锡退休的，回安徽老家长住", "wuxi", ("安徽",)),
        ("无锡市医保", "wuxi", ()),
        ("江西省新余市", "xinyu", ()),
        ("户口在新余，人在无锡上班交医保", "wuxi", ()),
        ("我是苏州人，在无锡上班", "wuxi", ()),
        ("医保在老家新余，人在常州打工", "xinyu", ("常州",)),
        ("人在上海，想回无锡报销", "wuxi", ("上海",)),
        ("无锡人去常州看病", "wuxi", ("常州",)),
        ("心脏支架手术是不是镇江的特殊诊疗项目", "zhenjiang", ()),
        ("无锡医保住院报多少", "wuxi", ()),
        ("無錫醫保住院報多少", "wuxi", ()),
        ("无锡市民卡丢了", "wuxi", ()),
        ("新余生孩子能报多少", "xinyu", ()),
        ("用单位的生育险在新余生的", "xinyu", ()),
        ("我在无锡交的社保", "wuxi", ()),
        ("我在无锡上班,老家新余,医保在新余交的", "xinyu", ("无锡",)),
        ("老家镇江，在常州打工，社保在常州", "changzhou", ()),
        ("我是新余的，想去南昌看病", "xinyu", ("南昌",)),
        ("从无锡转到上海", "wuxi", ("上海",)),
        ("无锡医保去常州看病", "wuxi", ("常州",)),
        ("无锡的医保在常州能用吗", "wuxi", ("常州",)),
        ("换成镇江呢", "zhenjiang", ()),
        ("那常州呢", "changzhou", ()),
        ("不是无锡，是常州", "changzhou", ()),
        ("我妈是无锡退休的，住在上海女儿家", "wuxi", ("上海",)),
        ("镇江的社保，现在人在南京工作，看病怎么报", "zhenjiang", ("南京",)),
        ("深圳打工，新余的居民医保", "xinyu", ("深圳",)),
        ("丹徒区的居民", "zhenjiang", ()),
        ("江苏省镇江市润州区", "zhenjiang", ()),
        ("丹徒区人民医院能刷门诊吗", "zhenjiang", ()),
        ("谏壁社区能刷卡吗", "zhenjiang", ()),
        ("江苏大学附属医院能跨省吗", "zhenjiang", ()),
        ("渝水区的农合", "xinyu", ()),
        ("我在无锡住院", "wuxi", ()),
        ("我是无锡的，在无锡二院住院", "wuxi", ()),
        ("转诊到瑞金医院", None, ("上海",)),
        ("去中山医院看病要备案吗", None, ("上海",)),
        ("转到北京", None, ("北京",)),
        ("上海门诊能刷卡吗", None, ("上海",)),
        ("在南京住院怎么报", None, ("南京",)),
        ("起付线多少", None, ()),
        ("江苏省内异地怎么办", None, ()),
        ("锡山东亭的居民", "wuxi", ()),
        ("医保转到常州了", "changzhou", ()),
        ("人在深圳", None, ("深圳",)),
        ("要是去的是南昌呢", None, ("南昌",)),
        ("我宜兴的，去无锡市人民医院看病", "wuxi", ("无锡",)),
        ("我无锡人，在常州打工，医保单位交的", "changzhou", ()),
        ("医保无锡的，回新余住院", "wuxi", ("新余",)),
        ("回新余住院怎么报", "xinyu", ()),
        ("医保在无锡厂里交的，这趟回新余老家顺便住院", "wuxi", ("新余",)),
        ("我在无锡上班，职工医保，回新余老家住院", "wuxi", ("新余",)),
        ("退休了，回新余老家住院", "xinyu", ()),
        ("我在镇江做工，是职工医保，老家新余", "zhenjiang", ()),
        ("新余种田的，交居民医保", "xinyu", ()),
        ("我江西新余人，交的老家居民医保，在无锡厂里做工", "xinyu", ("无锡",)),
        ("镇江那份宣传单把泰州医保写在洪泽湖路", "zhenjiang", ()),
        ("无锡医保在外地能用吗", "wuxi", ()),
        ("外地人在无锡能参保吗", "wuxi", ()),
        ("外地医保转到无锡要什么手续", "wuxi", ()),
        ("镇将职工医保去上海住院", "zhenjiang", ("上海",)),
        ("无西职工医保", "wuxi", ()),
    ],
)
def test_where_someone_is_insured_and_treated(
    message: str, region: str | None, care: tuple[str, ...]
) -> None:
    places = read(message)
    assert (places.insured, places.care) == (region, care)
    assert places.insured_elsewhere is None
    assert places.compared == ()


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("苏州医保能报多少", "苏州"),
        ("我是苏州的", "苏州"),
        ("苏州的居民医保", "苏州"),
        ("昆山医保", "昆山"),
        ("苏州报销比例", "苏州"),
        ("山东的新农合", "山东"),
        ("医保在朝阳区", "朝阳区"),
        ("社保交在广州", "广州"),
        ("苏州医保在无锡看病", "苏州"),
        ("上海人", "上海"),
        ("换成南京呢", "南京"),
        ("老公在苏州上班，公司交的社保，回新余住院", "苏州"),
        ("老家宜春，在新余买的房，医保没转过来，在新余住院", "宜春"),
        ("外地医保在无锡药店能买药吗", "您参保地"),
        ("我是外地的，在镇江看病能刷卡吗", "您参保地"),
        ("在无锡看病，医保是外地的", "您参保地"),
    ],
)
def test_other_places_are_known_not_to_be_covered(message: str, place: str) -> None:
    places = read(message)
    assert (places.insured, places.insured_elsewhere) == (None, place)


@pytest.mark.parametrize(
    ("message", "region"),
    [
        ("我弟弟在江西新余上班，职工医保，三级医院门槛费多少", "xinyu"),
        ("我表哥在镇江打工，他去上海看病先自付多少", "zhenjiang"),
        ("我女儿在镇江上班，我跟过去住", None),
        ("我在镇江上班", None),
    ],
)
def test_who_works_in_another_city_may_be_another_patient(message: str, region: str | None) -> None:
    assert read(message, "wuxi").insured == region


@pytest.mark.parametrize("message", ["新余额什么时候到账", "卡里新余额多少"])
def test_a_name_within_other_words_is_no_place(message: str) -> None:
    assert read(message).insured is None


@pytest.mark.parametrize("message", ["溧阳有吗", "溧阳那边有没有药店"])
def test_what_there_is_in_a_county_tells_no_insurance(message: str) -> None:
    assert read(message, "changzhou").county is None


@pytest.mark.parametrize("message", ["江苏的医保", "江西医保", "我是江苏的"])
def test_a_province_with_a_covered_city_says_too_little(message: str) -> None:
    places = read(message)
    assert (places.insured, places.insured_elsewhere) == (None, None)


@pytest.mark.parametrize(
    ("message", "region", "county"),
    [
        ("江阴医保", "wuxi", "江阴"),
        ("我是宜兴的", "wuxi", "宜兴"),
        ("无锡江阴的职工医保", "wuxi", "江阴"),
        ("溧阳居民", "changzhou", "溧阳"),
        ("金坛人", "changzhou", "金坛"),
        ("丹阳市医保", "zhenjiang", "丹阳"),
        ("锡山区的居民", "wuxi", None),
    ],
)
def test_counties_with_an_insurance_of_their_own(
    message: str, region: str, county: str | None
) -> None:
    places = read(message)
    assert (places.insured, places.county) == (region, county)


def test_care_in_a_county_is_away_from_the_city() -> None:
    assert read("无锡医保去江阴看病").care == ("江阴",)
    assert read("江阴医保去无锡看病").care == ("无锡",)


@pytest.mark.parametrize(
    ("message", "regions"),
    [
        ("无锡和常州哪个报得多", ("wuxi", "changzhou")),
        ("常州医保和无锡医保有什么区别", ("changzhou", "wuxi")),
        ("新余、镇江、无锡的起付线", ("xinyu", "zhenjiang", "wuxi")),
    ],
)
def test_places_side_by_side(message: str, regions: tuple[str, ...]) -> None:
    places = read(message)
    assert places.compared == regions
    assert places.insured is None


def test_what_is_known_decides_what_a_place_is() -> None:
    assert read("我在常州住院").insured == "changzhou"
    there = read("我在常州住院", known="wuxi")
    assert (there.insured, there.care) == (None, ("常州",))
    assert read("那上海呢", known="wuxi").care == ("上海",)
    assert read("常州的呢", known="wuxi").insured == "changzhou"
    assert read("我是常州人", known="wuxi").insured == "changzhou"


def test_insurance_that_moved_is_where_it_moved_to() -> None:
    assert read("医保转到常州了", known="wuxi").insured == "changzhou"
    assert read("医保关系转到镇江了", known="wuxi").insured == "zhenjiang"


def test_visitors_are_insured_where_they_come_from() -> None:
    places = read("阜阳医保来无锡住院能刷吗")
    assert (places.insured, places.insured_elsewhere, places.care) == (None, "阜阳", ("无锡",))


def test_a_place_that_isnt_meant() -> None:
    places = read("我不是无锡的", known="wuxi")
    assert (places.insured, places.excluded) == (None, ("wuxi",))


@pytest.mark.parametrize(
    "message",
    [
        "卡里的新余额是多少",
        "更新余额",
        "新型农村合作医疗怎么报",
        "大连续交了三年",
        "东方医院能刷吗",
        "在无锡路的药店",
        "南京路",
        "上海路那家药店",
        "一起和平解决",
        "城区的医院",
        "中心血站",
        "经济南方",
    ],
)
def test_ordinary_words_are_no_places(message: str) -> None:
    assert read(message).mentions == ()


def test_spans_are_those_of_the_names() -> None:
    text = "我是江苏省无锡市的，想去南昌看病"
    assert [text[start:end] for start, end in read(text).spans] == ["江苏省无锡市", "南昌"]


@pytest.mark.parametrize(
    "message",
    [
        "在南京出院结账，机器一直报错，备案早办好了的",
        "上个月在成都出差，胆囊炎半夜挂的急诊，现在拿哪些东西去报",
        "住女儿家，在北京，高血压买药能报不",
        "我妈在西安帮我带孩子，看病怎么备案",
        "儿子在广州读大学，生病住院怎么报",
        "孩子在厦门发烧挂了水，发票拿回来能报不",
        "出差路过郑州发高烧，挂水七百块，能报吗",
        "想转院到上海瑞金医院，备案怎么办",
        "广州的医院要我交押金，医保不能直接结吗",
        "徐州那个医院说我卡刷不出来，怎么弄",
        "我外甥在苏州园区打工摔断腿，住院六万，能报几成",
        "户口在安徽，住院怎么报",
        "我婆婆从河南过来帮我带孩子，在这住院能报吗",
        "在合肥上班，来无锡看病报多少",
        "老家四川的，在无锡住院报多少",
    ],
)
def test_where_one_is_or_was_treated_is_not_where_one_is_insured(message: str) -> None:
    places = read(message)
    assert (places.insured, places.insured_elsewhere) == (None, None)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("成都", "成都"),
        ("杭州住院报多少", "杭州"),
        ("江苏南通的慢性病门诊有什么待遇", "南通"),
        ("在成都", "成都"),
        ("成都的，住院报多少", "成都"),
        ("南京的门槛费是多少", "南京"),
        ("深圳那边报销比例比较高吗", "深圳"),
        ("你们能回答成都的吗", "成都"),
        ("苏州园区的职工医保，住院起付线多少", "苏州"),
        ("南通交的灵活就业，想到常州来生小孩", "南通"),
        ("我爸苏州农村的，做心脏支架能报多少", "苏州"),
        ("我们单位在合肥，医保也是那边交的，来无锡看病报多少", "合肥"),
        ("表妹从上海来镇江，她上海的卡在宜城社区能看门诊吗", "上海"),
    ],
)
def test_a_place_whose_rules_are_asked_for_is_that_of_insurance(message: str, place: str) -> None:
    assert read(message).insured_elsewhere == place


@pytest.mark.parametrize(
    ("message", "regions"),
    [
        ("常州和镇江的职工，住院起付线各是多少", ("changzhou", "zhenjiang")),
        ("镇江、常州、无锡的退休职工住院起付线", ("zhenjiang", "changzhou", "wuxi")),
        ("无锡跟新余居民医保，哪个报得多", ("wuxi", "xinyu")),
    ],
)
def test_places_named_in_one_breath_share_what_follows(
    message: str, regions: tuple[str, ...]
) -> None:
    assert read(message).compared == regions


def test_places_of_care_named_in_one_breath_are_none_of_insurance() -> None:
    places = read("无锡的，常州和镇江的医院能直接刷卡吗")
    assert (places.insured, places.care) == ("wuxi", ("常州", "镇江"))
    assert read("常州职工，无锡住院，起付线多少").insured == "changzhou"


def test_a_window_gone_to_is_that_of_the_place_of_insurance() -> None:
    places = read("我妈长住成都带娃，我去无锡窗口替她办备案")
    assert (places.insured, places.care) == ("wuxi", ("成都",))


def test_a_region_of_ones_own_needs_no_code(tmp_path: Path) -> None:
    shaoguan = Region(
        "shaoguan", "韶关", "4402", office="", hotline="", cite="", hospitals=("粤北人民医院",)
    )
    own = Gazetteer([shaoguan])
    assert read_places("韶关医保", own).insured == "shaoguan"
    assert read_places("浈江区的居民", own).insured == "shaoguan"
    assert read_places("粤北人民医院能报吗", own).insured == "shaoguan"
    assert read_places("无锡医保", own).insured_elsewhere == "无锡"


@given(
    st.text(
        st.sampled_from("无锡常州镇江新余阴上海去到在医保是的不住院，。我人从转和"), max_size=30
    )
)
def test_no_mixture_is_too_odd(message: str) -> None:
    places = read_places(message, GAZETTEER)
    assert places.insured is None or places.insured_elsewhere is None
    assert places.insured is None or not places.compared
    ends = [0]
    for start, end in places.spans:
        assert ends[-1] <= start < end
        ends.append(end)


def test_reading_takes_well_below_a_millisecond() -> None:
    message = "我在无锡上班，老家新余，医保在新余交的，去年在上海中山医院住院花了三万多"
    assert min(_seconds(message) for _ in range(20)) < 0.001


def _seconds(message: str) -> float:
    began = time.perf_counter()
    read_places(message, GAZETTEER)
    return time.perf_counter() - began
