"""The ways 异地就医方式 in which a patient treated elsewhere may have gone there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause
from tools.settlement import FACTS

_SUDDEN = re.compile(r"急|突[发然]|抢救|危")
_TRAVELS = re.compile(
    r"转|(?:[去到跑从]|上(?!海))[^，。]{0,8}(?:看|住|治|做|动|开|割|切|换|查|拆|装)"
    r"|去看病|出差|旅游|探亲|不(?:是)?(?:长住|定居)"
)
_ONE_STAY = re.compile(r"在[^，。]{1,8}(?:住的院|做的|开的刀)")
_LIVES = re.compile(r"住(?!院|的院)[^，。]{0,8}(?:家|那边|这边)|搬|带(?:外?孙|娃|孩子)")
_WORKS = r"[^，。]{0,4}(?:打工|上班|工作|上学|读书|念书|养老|做生意)"

_REGISTERED = re.compile(
    r"(?<![没未不忘])(?:备(?:了|过|好|完)案|备案(?:了|过|好|完|成功|的)|(?:办|做)(?:了|过|好|完)(?:异地|就医)*备案)"
)
_BY_CARD = re.compile(r"刷|划卡|直接结|当场结|联网")
_WHAT_FIRST = re.compile(
    r"怎么[弄办搞]|先[要得]?(?:[去到跑]哪[里儿]?)?[做办弄]|(?:[要得]|需要)(?:先)?(?:交|带|备|办|准备)[^，。？]{0,3}(?:什么|哪)|手续|材料"
)
_HOME_AGAIN = re.compile(r"回(?:老家|家乡)")
_HOW_PAID = re.compile(r"(?:怎么|如何)[^，。？]{0,4}(?:报|结算|算|走医保)")
_DONE = re.compile(r"[住看做花生开垫][了过]|发票|出院")
_TO_REGISTER = re.compile(
    r"(?:办|做|弄|搞)(?!了|过|好)[^，。？]{0,4}(?:异地|备案)(?!了)"
    r"|(?:异地(?:登记|就医|备案|的?手续)?|备案)(?:想|要|去)?(?:办|做|弄|搞)(?!了|过|好了|过了)"
    r"|(?:(?:[去来要]|[替帮给][他她]们?|窗口|柜台)[^，。？]{0,8}|异地)(?<![院及])登记(?=[，。？、]|[要该得带])"
)
_MOVED_BACK = re.compile(
    r"(?:搬|迁|住|调|转)(?:家)?回(?!老家|家乡)|不(?:在|去)[^，。]{1,6}(?:住|上班|打工|待)了|那边不住了"
    r"|回来(?:住|定居|养老|上班|了不)"
)
"""One who registered elsewhere for long lives at home again."""
_UNDO = re.compile(r"怎么|如何|取消|[弄转改退撤迁办]回|恢复|解冻|能用")
_BACK = "搬回来了怎么取消长期异地备案"
_TREATED = re.compile(r"看病|看看|治|住院|开刀|手术|检查|专家|转院")
_PAID = re.compile(r"报销|发票|[垫付][了过]|住院登记|入院")
_WAYS = "去外地看病要办什么手续，怎么备案"
_GONE = re.compile(
    r"备案|备[了过好上]+案|登记|手续[^，。？怎要]{0,3}[好了完齐过]"
    r"|报销|发票|[垫付][了过]|刷不|没刷|[失报出]错|失败|冻结"
)


def may_live_there(inquiry: Inquiry) -> bool:
    """Whether something says that the patient lives or works at the place of care."""
    text = inquiry.text
    lives = _LIVES.search(text) or any(
        re.search(rf"{place}{_WORKS}|住在?{place}(?![^，。]{{0,8}}院)", text)
        for place in (*inquiry.known.care, "外地", "那边")
    )
    return bool(lives) and not _TRAVELS.search(text)


def placeless(inquiry: Inquiry, clauses: Iterable[Clause]) -> Inquiry:
    """Put 去长沙看病 in the documents' words, 去外省看病, where none of them is on the place."""
    headings = [clause.heading for clause in clauses if clause.region == inquiry.region]
    unnamed = [p for p in inquiry.known.care if not any(p in heading for heading in headings)]
    there = "外省" if inquiry.reach == "跨省" else "外地"
    text = inquiry.text
    for place in unnamed:
        text = re.sub(rf"{place}[省市]?", there, text)
    return replace(inquiry, text=text.replace(there + there, there))


def registering(inquiry: Inquiry) -> Inquiry:
    """Put 想在那边刷卡，要办什么 in the documents' words: registering comes before the card."""
    text = inquiry.text
    if inquiry.away and _HOME_AGAIN.search(text) and _HOW_PAID.search(text):
        # One who only goes there later has a choice of ways; what the unregistered pay is one.
        open_ = "route" not in inquiry.facts and not _DONE.search(text)
        return replace(inquiry, text=f"{_WAYS} {inquiry.reach}".strip()) if open_ else inquiry
    registered = _GONE.search(text) and not _PAID.search(text)
    if inquiry.away and registered and _MOVED_BACK.search(text) and _UNDO.search(text):
        return replace(inquiry, text=f"{inquiry.reach} {_BACK}".strip())
    papers = inquiry.intent is Intent.MATERIALS
    wanted = _BY_CARD.search(text) and _WHAT_FIRST.search(text) and not _GONE.search(text)
    of_form = papers and _TO_REGISTER.search(text) and not _PAID.search(text)
    gone = inquiry.facts.get("route") in ("unregistered", "emergency")
    if not inquiry.away or gone or not (wanted or of_form):
        return inquiry
    lives = _LIVES.search(text) and not _TREATED.search(text)
    travels = "长期住外地" if lives else "因病去外地看病" if _TRAVELS.search(text) else ""
    route = FACTS["route"].values.get(str(inquiry.facts.get("route")), travels)
    asked = "登记备案要带什么证件，填什么表" if papers else "怎么办登记备案，直接刷卡结算"
    intent = inquiry.intent if papers else Intent.PROCEDURE
    return replace(inquiry, text=f"{route} {inquiry.reach} {asked}".strip(), intent=intent)


def possible_routes(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the routes that what was said leaves open, the usual ones first."""
    routes = [str(route) for route in FACTS["route"].values if route != "local"]
    # Who travels for care doesn't live there.
    one_stay = _ONE_STAY.search(inquiry.text) and not _LIVES.search(inquiry.text)
    if _TRAVELS.search(inquiry.text) or one_stay:
        routes.remove("long_term")
    if not _SUDDEN.search(inquiry.text):
        routes.remove("emergency")
    if _REGISTERED.search(inquiry.text):
        routes.remove("unregistered")
    referral = inquiry.facts.get("referral")
    if referral == "referred":
        return ("hospital_referral",)
    if referral == "unreferred":
        return tuple(r for r in routes if r not in ("long_term", "hospital_referral"))
    return tuple(routes)
