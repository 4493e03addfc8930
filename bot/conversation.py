"""The one door: a message goes in, a checked reply comes out."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence

from bot import screening, texts
from bot.answering.answerer import Answerer, Watch, unwatched
from bot.memory import Memory, Turn, Verdict
from bot.privacy import mask
from bot.publishing import publish
from bot.reply import Reply, Status
from bot.screening.sense import Sense
from bot.understanding.known import Known
from bot.understanding.reading import understand
from bot.understanding.text import normalise
from bot.understanding.world import World
from corpus.regions import Region

_ERASE = re.compile(r"^[「“\"]?(?:清除|清空|忘记我|重新开始|删除记录)[」”\"]?[。]?$")
_HELP = re.compile(
    r"^[「“\"]?(?:帮助|help|你好|您好|在吗|你能做什么|你会什么|怎么用)[」”\"]?[。？]?$"
)
_ERASED = "好，刚才说的我都忘掉了。您可以重新问。"


class Conversation:
    """Answers messages; knows each session's facts and nothing of another's.

    Args:
        answerer: makes the draft.
        memory: keeps facts and turns.
        world: places, schemes and lists.
        regions: the places covered.
        sense: the second opinion on danger.
        home_region: assumed where a patient names no place; empty: ask.
    """

    def __init__(
        self,
        answerer: Answerer,
        memory: Memory,
        world: World,
        regions: Mapping[str, Region],
        sense: Sense | None = None,
        home_region: str = "",
    ) -> None:
        self._answerer = answerer
        self._memory = memory
        self._world = world
        self._regions = regions
        self._sense = sense
        self._home_region = home_region

    def ready(self) -> bool:
        """Whether questions can be answered."""
        return bool(self._answerer.clauses)

    def reply(
        self,
        session: str,
        message: str,
        within: float | None = None,
        watch: Watch = unwatched,
    ) -> Reply:
        """Answer one message of a session.

        Args:
            session: whose facts count.
            message: the patient's words.
            within: seconds in which the reply is due; None: the answerer's own. It may think so
                long at most, and replies anyway.
            watch: told what is going on meanwhile.
        """
        began = time.perf_counter()
        message = mask(message)
        text = normalise(message)
        if _ERASE.match(text):
            self.erase(session)
            return Reply(status=Status.ANSWERED, text=_ERASED)
        before = self._memory.recall(session)
        known = Known.model_validate(before.known)
        reply, known = self._consider(text, known, before.turns, within, watch)
        reply = reply.model_copy(update={"elapsed_ms": round((time.perf_counter() - began) * 1000)})
        turn = Turn(message, reply.text)
        self._memory.keep(session, known.model_dump(mode="json"), turn, before=before)
        return reply

    def choose_region(self, session: str, region: str | None) -> None:
        """The patient picked a place in the page, or took it back."""
        before = self._memory.recall(session)
        known = Known.model_validate(before.known)
        known.region, known.elsewhere, known.county = region, None, None
        self._memory.keep(session, known.model_dump(mode="json"), None, before=before)

    def judge(self, session: str, reply: str, verdict: Verdict) -> None:
        """The patient's verdict on a reply."""
        self._memory.judge(session, reply, verdict)

    def erase(self, session: str) -> None:
        """Forget the session."""
        self._memory.erase(session)

    def purge(self) -> None:
        """Forget the conversations that have expired."""
        self._memory.purge()

    def _consider(
        self,
        text: str,
        known: Known,
        history: Sequence[Turn],
        within: float | None,
        watch: Watch,
    ) -> tuple[Reply, Known]:
        if _HELP.match(text):
            return self._help(known), known
        awaited = known.pending is not None
        follows = bool(known.question)
        refusal = screening.answer(text, self._sense, awaited=awaited, follows=follows)
        if refusal is not None:
            return refusal, known
        screened = screening.screen(text)
        # Of a message that also tries to turn the assistant, only its question is answered.
        text = screened.rest or text
        if not known.region and not known.elsewhere and self._home_region:
            known.region = self._home_region
        inquiry = understand(text, known, self._world)
        draft = self._answerer.answer(inquiry, history, within, watch)
        reply = publish(draft, inquiry, self._answerer.clauses)
        cited = tuple(citation.clause for citation in reply.citations)
        known = inquiry.known.model_copy(
            update={
                "pending": draft.pending,
                "benefit": inquiry.known.benefit or draft.benefit,
                "sources": cited or inquiry.known.sources,
            }
        )
        if screened.distress:
            reply = reply.model_copy(update={"text": f"{reply.text}\n\n{texts.DISTRESS_HINT}"})
        return reply, known

    def _help(self, known: Known) -> Reply:
        names = "、".join(region.name for region in self._regions.values())
        text = (
            f"您好，我是医保政策助手，能回答{names}的医保问题：报多少、自己付多少、去哪办、带什么。"
            "告诉我您在哪里参保、职工还是居民医保，直接问就行。"
        )
        return Reply(status=Status.ANSWERED, text=text, region=known.region)
