"""What a model wrote, as words for a patient: without thinking, fences, headings and sources."""

from __future__ import annotations

import re

_THOUGHT = re.compile(r"^.*</think(?:ing)?>|<think(?:ing)?>.*$", re.DOTALL)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z\u4e00-\u9fff][^<>\n]{0,80}>")
_HEADING = re.compile(r"^#+\s*", re.MULTILINE)
_LABEL = re.compile(r"^(?:回答|答|答案|回复|结论)(?:[：:]\s*|\s*\n)")
_SOURCES = re.compile(r"\n\s*(?:\*\*)?(?:来源|资料来源|参考资料?|出处)(?:\*\*)?[：:].*$", re.DOTALL)
_CITATION = re.compile(
    r"[\[【](?:资料|来源|编号|\^)?\s*(?P<plain>\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]】]"
    r"|[(（](?:见|参见|根据)?(?:资料|来源|编号)\s*(?P<named>\d{1,2})\s*[)）]"
)
_DECLINED = re.compile(r"^(?:抱歉，?)?(?:上面的)?资料(?:里|中)?没有?写明。?$")


def clean(text: str) -> str:
    """Return what is meant for the patient; citations are written ``[1]``."""
    text = _THOUGHT.sub("", text)
    text = _TAG.sub("", _FENCE.sub("", text)).strip()
    text = _SOURCES.sub("", _LABEL.sub("", _HEADING.sub("", text)))
    text = _CITATION.sub(_numbers, text).replace("！", "。").replace("!", "。")
    return re.sub(r"\n{2,}", "\n", text).strip()


def without_citations(text: str) -> str:
    """Return the text without ``[1]``."""
    return re.sub(r"\s*\[\d+\]", "", text)


def declined(text: str) -> bool:
    """Whether the model says that the clauses don't hold the answer."""
    return bool(_DECLINED.match(without_citations(text)))


def whole_sentences(text: str) -> str:
    """Return the beginning of a text that is still being written, up to its last whole sentence.

    A citation after the full stop belongs to the sentence, so the next one must have begun.
    """
    ends = list(re.finditer(r"[。\n](?:\s*\[\d+\])*(?=\s*[^\s\[【(（])", text))
    return text[: ends[-1].end()] if ends else ""


def _numbers(match: re.Match[str]) -> str:
    return "".join(f"[{int(n)}]" for n in re.findall(r"\d+", match["plain"] or match["named"]))
