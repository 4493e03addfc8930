"""Which amount of a message is what."""

from __future__ import annotations

import pytest

from bot.understanding.bill import read_bill


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("住院花了两万五", {"expense": "25000"}),
        ("一共三万六，其中自费两千", {"expense": "34000", "self_paid": "2000"}),
        ("花了1万，乙类2000，丙类500", {"expense": "10000", "class_b": "2000", "class_c": "500"}),
        ("花了3000，卡里还有200", {"expense": "3000", "account_balance": "200"}),
        ("花了3000，卡里没钱了", {"expense": "3000", "account_balance": "0"}),
        ("起付线800，花了15000", {"expense": "15000", "deductible": "800"}),
        ("花了1万，本地报80%", {"expense": "10000", "local_rate": "0.8"}),
        (
            "前两次住院一共三万，这次花了9000",
            {"year_expense_before": "30000", "expense": "9000"},
        ),
        ("今年自己负担了6万", {"personal_burden": "60000"}),
        ("自己负担的（都能报，不算自费药）一共七万", {"personal_burden": "70000"}),
        ("账单8000，里头自费500", {"expense": "7500", "self_paid": "500"}),
        ("看了2万，本地该报八成", {"expense": "20000", "local_rate": "0.8"}),
        ("花了5000，统筹给百分之八十五", {"expense": "5000", "local_rate": "0.85"}),
        (
            "第一次8000，第二次6000，这次花了1万",
            {"year_expense_before": "14000", "expense": "10000"},
        ),
        (
            "第一次住院5千，第二次住院9千，第二次报多少",
            {"year_expense_before": "5000", "expense": "9000"},
        ),
        ("起付线是一千，花了3万", {"expense": "30000", "deductible": "1000"}),
        (
            "4800都合规，我们是100%报，没有起付线",
            {"expense": "4800", "local_rate": "1", "deductible": "0"},
        ),
        ("单子是16000不是1万", {"expense": "16000"}),
        ("花了2万三级医院", {"expense": "20000"}),
        ("社区又打来，讲错了，是65%", {"local_rate": "0.65"}),
        ("花了一万五二级医院", {"expense": "15000"}),
        ("住院12000，自付多少", {"expense": "12000"}),
        (
            "一共13500，里面甲类8000，乙类4000，剩下1500目录外自费",
            {"class_b": "4000", "self_paid": "1500", "expense": "12000"},
        ),
        ("甲类8000，乙类4000", {"class_b": "4000", "expense": "12000"}),
        (
            "今年门诊慢病已经报了4700，这次花了2000",
            {"year_class2_before": "4700", "year_fund_before": "4700", "expense": "2000"},
        ),
        ("花了三万，这三万能报多少", {"expense": "30000"}),
        ("花了9000，床位80块一天（床位那800也在里头）", {"expense": "9000", "bed_price": "80"}),
        ("花了8000，门槛费还是七百吗", {"expense": "8000"}),
        ("花了2万，不是七成，是六成五", {"expense": "20000", "local_rate": "0.65"}),
        ("花了2万，不报85%，报88%", {"expense": "20000", "local_rate": "0.88"}),
        ("花了2万，门槛600", {"expense": "20000", "deductible": "600"}),
        ("还剩8500，里面有900是起付线", {"remaining_cash": "8500", "deductible": "900"}),
        ("一共14300，有1300是不给报的", {"self_paid": "1300", "expense": "13000"}),
        ("账单9000，里面不能报的有800", {"self_paid": "800", "expense": "8200"}),
        ("里面两万其实是自费药", {"self_paid": "20000"}),
        ("花了3000，账户其实是空的", {"expense": "3000", "account_balance": "0"}),
        ("一共9500，500是目录外的", {"self_paid": "500", "expense": "9000"}),
        ("花了8万，里头乙类自付的三万", {"expense": "80000", "class_b_burden": "30000"}),
        ("花了2万，本地报八成五", {"expense": "20000", "local_rate": "0.85"}),
        ("门槛900，上头按88%给", {"deductible": "900", "local_rate": "0.88"}),
        ("家里报九成、门槛一千", {"deductible": "1000", "local_rate": "0.9"}),
        ("起步一千二，以上八成八", {"deductible": "1200", "local_rate": "0.88"}),
        ("自己付两成报八成，起付线600", {"deductible": "600", "local_rate": "0.8"}),
        ("先自付10%，门槛八百", {"deductible": "800"}),
        ("特殊项目10%先付，门槛八百", {"deductible": "800"}),
        ("范围内七万，另外一万二医保不管的", {"expense": "70000", "self_paid": "12000"}),
        ("能报的两万四，另外自费三千", {"expense": "24000", "self_paid": "3000"}),
        ("一共花了5万，其中4万在范围内", {"expense": "40000", "self_paid": "10000"}),
        ("3万能报的吗", {"expense": "30000"}),
        (
            "他自己一共担了75000，乙类自付的占68000",
            {"personal_burden": "75000", "class_b_burden": "68000"},
        ),
        ("也担了5万，全是乙类自付的", {"personal_burden": "50000", "class_b_burden": "50000"}),
        ("看错了，门诊是860不是560", {"expense": "860"}),
        ("我今年62不是65", {}),
        (
            "总账23400，其中1400是完全自费的，还有5000块是乙类药，剩下都是甲类",
            {"self_paid": "1400", "class_b": "5000", "expense": "22000"},
        ),
        ("总账31000，6000乙类", {"class_b": "6000", "expense": "31000"}),
        ("单子上有1600写的是丙类，还是那7600里头的", {"class_c": "1600", "expense": "7600"}),
        ("花了9000，里头800不能报", {"self_paid": "800", "expense": "8200"}),
        ("花了8600，扣掉自费600", {"self_paid": "600", "expense": "8000"}),
        ("花了8600，除去自费600，剩下的都能报", {"self_paid": "600", "expense": "8000"}),
        ("扣掉自费还有8000", {"expense": "8000"}),
        ("花了8600，1200多是进口药不报的", {"self_paid": "1200", "expense": "7400"}),
        ("花了12000，进口耗材3000医保不认", {"self_paid": "3000", "expense": "9000"}),
        ("12000里头不能报的有2000", {"self_paid": "2000", "expense": "10000"}),
        ("8000都能报，自费500", {"self_paid": "500", "expense": "8000"}),
        ("花了8000，另外自费500", {"self_paid": "500", "expense": "8000"}),
        ("总费用两万三，合规费用两万一", {"self_paid": "2000", "expense": "21000"}),
        ("医保内8000，医保外2000，总共10000", {"self_paid": "2000", "expense": "8000"}),
        ("不在医保范围内的3000，花了一万八", {"self_paid": "3000", "expense": "15000"}),
        ("押金交了5000，最后总共花了12000", {"expense": "12000"}),
        ("门槛也错了，是1200", {"deductible": "1200"}),
        ("门槛不是1000，是1200", {"deductible": "1200"}),
        ("门槛是1200不是1000", {"deductible": "1200"}),
        ("自费的搞错了，是500", {"self_paid": "500"}),
        ("单子看错了，一共是21万4", {"expense": "214000"}),
        ("预交了6000，出来花了9500", {"expense": "9500"}),
        ("加上后来补的2000，一共18000", {"expense": "18000"}),
        ("卡空了门诊3000", {"expense": "3000", "account_balance": "0"}),
        ("达希纳2.28万一个月", {"expense": "22800"}),
        ("起付线窗口说按一千算，花了三万", {"deductible": "1000", "expense": "30000"}),
        ("医保报完我们又付了8400", {"personal_burden": "8400"}),
        ("总共花了5万，自己付了8400", {"expense": "50000", "remaining_cash": "8400"}),
        ("医保负担了5万", {"expense": "50000"}),
        ("新余我奶奶八十二了，花了一千八", {"expense": "1800"}),
    ],
)
def test_each_amount_finds_its_place(message: str, fields: dict[str, str]) -> None:
    assert dict(read_bill(message).fields) == fields


@pytest.mark.parametrize(
    "message",
    [
        "1万元以上的部分报多少",
        "一万到四万呢",
        "超过15万那部分怎么报",
        "听说超过两万还能再报一回",
        "我爸70岁了",
        "打12393问了",
        "门槛费还是七百吗",
        "听说只认三千",
    ],
)
def test_figures_that_are_no_bill(message: str) -> None:
    assert not read_bill(message).fields


@pytest.mark.parametrize(
    ("message", "passed"),
    [
        ("过了十万那条线以后", [100_000]),
        ("一年十万报满了", [100_000]),
        ("四万块以上的部分", [40_000]),
        ("费用超过四万的那截", [40_000]),
        ("一万到四万呢", [10_000]),
        ("花了超过四万", []),
        ("四万以下的部分", []),
    ],
)
def test_a_sum_that_is_passed(message: str, passed: list[int]) -> None:
    bill = read_bill(message)
    assert list(bill.passed) == passed
    assert not passed or not bill.fields


@pytest.mark.parametrize("message", ["大概12420", "住院大概12420", "12420左右"])
def test_a_bare_number_may_be_rough(message: str) -> None:
    bill = read_bill(message)
    assert dict(bill.fields) == {"expense": "12420"}
    assert bill.approximate


def test_two_amounts_that_could_each_be_the_bill_are_asked_about() -> None:
    bill = read_bill("花了8000，又花了5000")
    assert "expense" not in bill.fields
    assert bill.unclear == ("8000", "5000")
