"""Question sets: conversations as patients write them, and what a right reply must show.

The format is described for its writers in ``docs/evals.md``. A set is one YAML file; a mistake in
it is reported with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.reply import Status
from corpus.documents import Clause, load
from corpus.regions import load_regions
from evals.facts import Fact
from evals.figures import values

QUESTIONS = Path(__file__).parent / "questions"
_NOT_CONVERSATIONS = ("floor", "retrieval")
"""Files beside the sets that hold single queries for retrieval."""


class SetError(ValueError):
    """A question set can't be used; one line a problem, each beginning with file and line."""


class Category(StrEnum):
    """What a conversation is about; scores are reported by it."""

    FIGURE = "figure"
    PROCEDURE = "procedure"
    MATERIALS = "materials"
    MEMBERSHIP = "membership"
    LIST = "list"
    COMPARISON = "comparison"
    ESTIMATE = "estimate"
    ESTIMATE_TURNS = "estimate_turns"
    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"
    MISSING_REGION = "missing_region"
    MISSING_FACT = "missing_fact"
    NOT_IN_DOCUMENTS = "not_in_documents"
    CONFLICT = "conflict"
    OTHER_CITY = "other_city"
    OUT_OF_SCOPE = "out_of_scope"
    EMERGENCY = "emergency"
    INJECTION = "injection"
    PRIVACY = "privacy"
    VOICE_TEXT = "voice_text"
    TYPOS = "typos"
    TRADITIONAL = "traditional"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _groups(value: Any) -> Any:
    return [_listed(group) for group in value] if isinstance(value, list) else value


def _any_of(value: Any) -> Any:
    """A flat list is one group of alternatives; a list of lists asks for one of each."""
    value = _listed(value)
    flat = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return [value] if flat and value else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Amount = Annotated[str, Field(pattern=r"^\d+\.\d\d$")]
Text = Annotated[str, Field(min_length=1)]
Groups = tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...]


class Totals(_Strict):
    """The exact end of an estimate, in yuan with two decimals."""

    fund_total: Amount
    patient_total: Amount


class Turn(_Strict):
    """One message and what its reply must show."""

    say: Text
    status: Annotated[tuple[Status, ...], BeforeValidator(_listed)] = (Status.ANSWERED,)
    """Any of these."""
    region: str | None = None
    """The reply's region; ``none``: no region's policy may be cited. Absent: not judged."""
    insurance: Literal["employee", "resident"] | None = None
    figures: tuple[Text, ...] = ()
    """All of these stand in the text, in whatever writing."""
    not_figures: tuple[Text, ...] = ()
    says: Annotated[Groups, BeforeValidator(_groups)] = ()
    """One phrase of each group stands in the text."""
    opens: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    """One of these stands in the first sentence, and not after a negation."""
    never: tuple[Text, ...] = ()
    clauses: Annotated[Groups, BeforeValidator(_any_of)] = ()
    """One clause of each group is cited."""
    asks: Annotated[tuple[Fact, ...], BeforeValidator(_listed)] = ()
    """The reply must ask back, about one of these."""
    if_asked: dict[Fact, Text] = {}
    """The reply may ask back about these: the patient answers so, and the next reply is judged."""
    estimate: Totals | Literal["none"] | None = None
    """``none``: no settled amount may be given."""

    @property
    def named(self) -> tuple[str, ...]:
        """Every clause that the turn names."""
        return tuple(name for group in self.clauses for name in group)


class Conversation(_Strict):
    """Turns of one patient, one after the other in one session."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    category: Category
    note: str = ""
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]


class QuestionSet(_Strict):
    """One file."""

    held: bool = False
    """Held back: failures are reported by category, never by text."""
    conversations: Annotated[tuple[Conversation, ...], Field(min_length=1)]


def find(names: Sequence[str], folder: Path = QUESTIONS) -> list[Path]:
    """The files of named sets: a path, or the beginning of file names in ``folder``.

    Raises:
        SetError: a name that is neither.
    """
    paths: list[Path] = []
    for name in names or [""]:
        if Path(name).is_file():
            found = [Path(name)]
        else:
            found = sorted(
                p for p in folder.glob(f"{name}*.yaml") if p.stem not in _NOT_CONVERSATIONS
            )
        if not found:
            raise SetError(f"{name}: no such file, and no set of that name in {folder}")
        paths += [path for path in found if path not in paths]
    return paths


def read(paths: Iterable[Path]) -> dict[Path, QuestionSet]:
    """Read and check sets.

    Raises:
        SetError: with every problem of every file.
    """
    sets: dict[Path, QuestionSet] = {}
    problems: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        try:
            sets[path] = parse(path.read_text(encoding="utf-8"), str(path))
        except SetError as error:
            problems.append(str(error))
            continue
        for conversation in sets[path].conversations:
            if conversation.id in seen:
                problems.append(f"{path}: id {conversation.id} is used in {seen[conversation.id]}")
            seen[conversation.id] = str(path)
    if problems:
        raise SetError("\n".join(problems))
    return sets


def parse(text: str, where: str) -> QuestionSet:
    """Read and check the text of one set; ``where`` is what messages call the file.

    Raises:
        SetError: one line a problem, each with its line in the file.
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SetError(f"{where}:{line}: not YAML: {error.problem}") from error
    if node is None:
        raise SetError(f"{where}:1: the file is empty")
    problems = list(_repeated_keys(node))
    try:
        # BaseLoader leaves every scalar as it is written: 12640.00 keeps its cents.
        questions = QuestionSet.model_validate(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506
    except ValidationError as error:
        found = error.errors()
        # A list is also called too short when its items are wrong: only the items are the problem.
        problems += [
            (_line(node, e["loc"]), _said(e["loc"], e["msg"]))
            for e in found
            if not any(e is not o and o["loc"][: len(e["loc"])] == e["loc"] for o in found)
        ]
    else:
        problems += [(_line(node, loc), message) for loc, message in _wrong(questions)]
    if problems:
        raise SetError(
            "\n".join(f"{where}:{line}: {message}" for line, message in sorted(problems))
        )
    return questions


Location = tuple[int | str, ...]


def _wrong(questions: QuestionSet) -> Iterator[tuple[Location, str]]:
    """What is well formed, but can't be right."""
    seen: set[str] = set()
    for c, conversation in enumerate(questions.conversations):
        here: Location = ("conversations", c)
        if conversation.id in seen:
            yield (*here, "id"), f"id {conversation.id} is used twice"
        seen.add(conversation.id)
        said = ""
        for t, turn in enumerate(conversation.turns):
            said += "\n".join([turn.say, *turn.if_asked.values()]) + "\n"
            for key, message in _wrong_turn(turn, said):
                yield (*here, "turns", t, *key), message


def _wrong_turn(turn: Turn, said: str) -> Iterator[tuple[Location, str]]:
    if turn.region is not None and turn.region not in regions():
        yield ("region",), f"region {turn.region}: is one of {', '.join(sorted(regions()))}"
    if turn.asks and turn.status != (Status.CLARIFY,):
        yield ("asks",), "asks goes with 'status: clarify'; use if_asked where asking is allowed"
    for name in turn.named:
        if name not in library():
            yield ("clauses",), f"clause {name}: not in the library"
    for key in ("figures", "not_figures"):
        for i, figure in enumerate(getattr(turn, key)):
            if not values(figure):
                yield (key, i), f"{key}: '{figure}' holds no figure"
    yield from _unproved(turn, said)


def _unproved(turn: Turn, said: str) -> Iterator[tuple[Location, str]]:
    """A figure that none of the named clauses states is a slip; an estimate's is computed."""
    if not turn.named or turn.estimate or not library().keys() >= set(turn.named):
        return
    proof = values(said).union(*(values(library()[name].text) for name in turn.named))
    for i, figure in enumerate(turn.figures):
        if not values(figure) <= proof:
            yield ("figures", i), f"figures: '{figure}' stands in none of the named clauses"


@cache
def regions() -> frozenset[str]:
    """What a turn's region may be."""
    return frozenset({region.id for region in load_regions()} | {"none"})


@cache
def library() -> dict[str, Clause]:
    """Every clause of the corpus by its id."""
    return {clause.id: clause for document in load() for clause in document.clauses}


def _said(location: Location, message: str) -> str:
    return f"{'.'.join(str(part) for part in location if not isinstance(part, int))}: {message}"


def _line(node: yaml.Node, location: Location) -> int:
    """The line of the deepest node of a location; parts that name no node are passed over."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part] if part < len(node.value) else node
    return int(node.start_mark.line) + 1


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """YAML lets a later key win silently."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        for i, (key, value) in enumerate(node.value):
            if key.value in keys[:i]:
                yield key.start_mark.line + 1, f"key {key.value} is given twice"
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)
