"""How a reply looks in the page: what is shown, and that nothing written becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from bot.channels import html
from bot.reply import Citation, Reply, Status
from tools.settlement import settle

ATTACKS = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg onload=alert(1)>',
    "[link](javascript:alert(1))",
    "![picture](https://example.org/x.png)",
    "<https://example.org>",
    "&lt;script&gt;",
)


class Parts(HTMLParser):
    """The tags, attributes and text of some HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def citation(n: int = 1, quote: str = "起付标准 **750** 元。", as_of: str = "2019-09") -> Citation:
    return Citation(
        n=n, clause="c", title="标题", section="小节", as_of=as_of, source="000.txt", quote=quote
    )


def shown(text: str, **more: object) -> Parts:
    return Parts(html.turn("t", "问", Reply(status=Status.ANSWERED, text=text, **more)))  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_is_written_becomes_markup(attack: str) -> None:
    cited = Citation(
        n=1, clause=attack, title=attack, section=attack, as_of=attack, source=attack, quote=attack
    )
    reply = Reply(
        status=Status.ANSWERED, text=f"{attack} [1]", citations=(cited,), follow_ups=(attack,)
    )
    for source in (html.turn("t", attack, reply), html.notice("t", attack, attack)):
        parts = Parts(source)
        assert not {"script", "img", "a", "iframe"} & set(parts.tags)
        assert parts.tags.count("svg") <= 2
        assert not [name for name, _ in parts.attributes if name.startswith("on")]
    assert Parts(html.turn("t", attack, reply)).text.count("alert(1)") >= attack.count("alert(1)")


def test_a_reference_opens_its_source_an_unknown_number_stays_text() -> None:
    parts = shown("750 元 [1]，另见 [7]。", citations=(citation(),))
    assert ("data-opens", "t-source-1") in parts.attributes
    assert ("id", "t-source-1") in parts.attributes
    assert "[7]" in parts.text


def test_the_source_has_its_date() -> None:
    assert "2019年9月" in shown("x", citations=(citation(),)).text
    assert "2019年" in shown("x", citations=(citation(as_of="2019"),)).text
    assert "日期未注明" in shown("x", citations=(citation(as_of="unknown"),)).text


def test_lists_and_tables_end_where_the_text_goes_on() -> None:
    parts = Parts(
        html.markdown(
            "要带：\n- 身份证\n- 社保卡\n然后去窗口。\n| 级 | 元 |\n|---|---|\n| 二 | 750 |\n以上。"
        )
    )
    assert parts.tags.count("li") == 2
    assert parts.tags.count("td") == 2
    assert parts.tags.count("p") == 3


def test_the_line_of_sources_is_not_shown_twice() -> None:
    parts = shown("750 元 [1]\n\n来源：[1] 标题 · 小节（2019-09）", citations=(citation(),))
    assert "来源：" not in parts.text
    assert parts.text.count("小节") == 1


def test_an_estimate_shows_who_pays_what_and_each_step_once() -> None:
    result = settle(
        {
            "region": "wuxi",
            "insurance": "employee",
            "benefit": "inpatient",
            "expense": "15000",
            "employment": "working",
            "hospital_level": "2",
        }
    ).to_json()
    text = "您自己付 **2,360.00 元**。\n1. 起付标准 750.00 元[1]\n2. 其余\n以医院结算单为准。"
    parts = shown(text, estimate=result)
    assert parts.text.count("2,360.00") == 2
    assert "12,640.00" in parts.text
    assert parts.tags.count("tr") == 1 + len(result["lines"])
    assert "以医院结算单为准" in parts.text
    assert "其余" not in parts.text
    spoken = [label for name, label in parts.attributes if name == "aria-label" and label]
    assert any("统筹基金 12,640.00 元" in label for label in spoken)


def test_an_emergency_is_not_to_be_rated() -> None:
    reply = Reply(status=Status.EMERGENCY, text="请马上拨打 **120**。")
    assert "data-verdict" not in html.turn("t", "胸痛", reply)
