"""What the message channel itself says; answers come from the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts import SAMPLE_QUESTIONS
from corpus.regions import Region

GREETING = (
    "您好，我是医保政策助手。住院能报多少、异地怎么备案、要带什么材料，都可以问我。\n"
    "告诉我您在哪里参保、职工还是居民医保，直接打字或说话就行，比如：\n"
    + "\n".join(f"· {question}" for question in SAMPLE_QUESTIONS)
)
COMMANDS = (
    "您还可以回复：\n"
    "「继续」看没看完的内容\n"
    "「重发」再看一次上一条回答\n"
    "「有用」或「没用」告诉我答得好不好\n"
    "「人工」找医保经办机构的电话\n"
    "「清除」忘掉我们说过的话"
)
WAIT = "正在为您查，请过几秒回复 1 看答案。"
STILL_WAIT = "还在查，请再过几秒回复 1。"
ALREADY_SHOWN = "这条回答刚才已经发给您了。没看到的话，回复「重发」再看一次。"
MORE = "（没说完，回复「继续」接着看）"
NO_MORE = "没有没看完的内容了。有别的问题，直接发给我。"
NOTHING_TO_REPEAT = "还没有可以重发的回答。医保上的事，直接问我就行。"
ERASED = "好，刚才说的我都忘掉了。您可以重新问。"
THANKS = "谢谢您告诉我，记下了。"
SORRY = (
    "这个问题我没有答上来，请再发一次试试。\n"
    "着急的话可以打 12393（国家医保服务热线）。急病请马上拨打 120。"
)
BUSY = "现在问的人多，请过一分钟再发一次。急病请马上拨打 120。"
TOO_FAST = "您发得有点快，我看不过来了，请过一分钟再发。急病请马上拨打 120。"
TOO_LONG = "这段话太长了，请挑最要紧的，用 1000 字以内再说一次。"
EMPTY = "我没看到内容，请把要问的打字发给我。"
IMAGE = "我还看不了图片。请把要问的打字发给我，比如单子上的总费用、医院级别、职工还是居民医保。"
VOICE = "我没听清这段语音。请打字发给我，或者把语音转成文字再发。"
UNSUPPORTED = "我只看得懂文字。请把要问的打字发给我。"


def late(question: str, answer: str) -> str:
    """An answer that comes later than its question, told apart by it."""
    return f"您问的「{_short(question)}」：\n{answer}"


def waiting(question: str) -> str:
    """Another answer is there to be fetched."""
    return f"（您之前问的「{_short(question)}」也查好了，回复「继续」看）"


def offices(regions: Sequence[Region]) -> str:
    """Where people answer: the offices of these places and the national line."""
    lines = [f"{place.name}：{place.office} {place.hotline}" for place in regions if place.hotline]
    return "\n".join(("我转不了人工，可以打电话问经办机构：", *lines, "国家医保服务热线：12393"))


def _short(question: str) -> str:
    question = " ".join(question.split())
    return question if len(question) <= 20 else f"{question[:19]}…"
