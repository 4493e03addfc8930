"""What there is to ask about: the places, schemes and lists of the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.understanding.facts import FactValue
from bot.understanding.lists import Lists
from bot.understanding.places import Places, read_places
from corpus.documents import Clause
from corpus.regions import Regions
from tools.settlement import schemes


class World:
    """Places, benefits and lists, for `bot.understanding.inquiry.understand`."""

    def __init__(self, regions: Regions, clauses: Iterable[Clause]) -> None:
        self._regions = regions
        self.lists = Lists(clauses)

    def places(self, text: str) -> Places:
        """Read the places of a message."""
        return read_places(text, self._regions)

    def benefits(self, region: str | None, insurance: str | None) -> Mapping[str, Sequence[str]]:
        """Names that patients use for the benefits of the schemes that fit."""
        names: dict[str, tuple[str, ...]] = {}
        for (place, scheme), content in schemes().items():
            if (region or place) == place and (insurance or scheme) == scheme:
                for benefit in content.benefits.values():
                    own = (benefit.name, *benefit.also)
                    names[benefit.id] = tuple(dict.fromkeys((*names.get(benefit.id, ()), *own)))
        return names

    def listed_facts(
        self, text: str, region: str | None, insurance: str | None
    ) -> Mapping[str, FactValue]:
        """Facts that follow from a disease, drug or procedure that a clause lists."""
        return self.lists.facts(text, region, insurance)
