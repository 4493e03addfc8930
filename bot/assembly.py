"""Puts the conversation's parts together."""

from __future__ import annotations

from bot.answering.answerer import Answerer
from bot.answering.embedded import EmbeddedAnswerer
from bot.conversation import Conversation
from bot.memory import Memory
from bot.retrieval import open_retriever
from bot.screening.sense import Sense
from bot.settings import Settings
from bot.store import open_store
from bot.understanding.world import World
from corpus.regions import load_regions


def open_conversation(settings: Settings, *, light: bool = False) -> Conversation:
    """Open index, store and policies; the index is built where it is missing.

    Args:
        settings: where things are.
        light: for a command that ends soon, see `bot.retrieval.open_retriever`.
    """
    # First: whether the folder can be written is known at once, the index takes its time.
    store = open_store(settings)
    retriever = open_retriever(settings, light=light)
    regions = load_regions()
    memory = Memory(store, hours=settings.conversation_hours, turns=settings.conversation_turns)
    by_id = {region.id: region for region in regions if region.id in retriever.regions()}
    embedded = EmbeddedAnswerer(retriever, by_id)
    answerer: Answerer = embedded
    if settings.bot_llm:
        # LangChain takes seconds to import: only who names a model pays for it.
        from bot.answering.llm.opening import with_model

        answerer = with_model(embedded, settings, by_id.values())
    world = World(regions, retriever.clauses.values())
    return Conversation(
        answerer,
        memory,
        world,
        by_id,
        Sense(retriever.embedder, settings.data_dir, world.placeless),
        settings.home_region,
    )
