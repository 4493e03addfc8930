"""Retrieval over a small library, and the quality of it over the real one."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from bot.retrieval import Floor, Retriever, open_retriever
from bot.settings import Settings
from corpus.embedding import EmbeddingError, NanoEngine, open_embedder
from corpus.index import Library
from evals.calibrate import QUESTIONS, comes_to_floor
from evals.retrieval import measure, read
from tests.corpus.samples import write_document, write_library


@pytest.fixture(scope="module")
def engine() -> NanoEngine:
    return NanoEngine()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("retrieval")
    return Library(folder / "data", documents=write_library(folder / "documents"))


@pytest.fixture(scope="module")
def retriever(library: Library, engine: NanoEngine) -> Retriever:
    return Retriever(library, engine)


def test_what_the_documents_answer_is_found(retriever: Retriever) -> None:
    best = retriever.search("三级医院住院的起付线", "nantong", "employee")[0]
    assert best.clause.id == "nantong/employee#c1"
    assert best.excerpt == "三级医院：起付线 1130 元"
    assert Floor.load().floor <= best.confidence <= 1


@pytest.mark.parametrize(
    "question", ["种植牙能报吗", "失业金怎么领", "今天天气怎么样", "？？？", "", "   ", "asdf qwer"]
)
def test_below_the_floor_nothing_is_returned(retriever: Retriever, question: str) -> None:
    assert retriever.search(question, "nantong") == ()


def test_an_unknown_region_has_nothing(retriever: Retriever) -> None:
    assert retriever.search("住院起付线", "suzhou") == ()
    assert set(retriever.regions()) == {"nantong", "taizhou"}


def test_the_conversation_adds_words(retriever: Retriever) -> None:
    assert retriever.search("那居民呢", "nantong", "resident") == ()
    found = retriever.search("那居民呢", "nantong", "resident", hints=["二级医院", "住院起付线"])
    assert found[0].clause.id == "nantong/resident#c1"


def test_no_more_than_asked_for_best_first(retriever: Retriever) -> None:
    found = retriever.search("二级医院住院起付线", "nantong")
    assert len(found) >= 2
    assert retriever.search("二级医院住院起付线", "nantong", k=1) == found[:1]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_a_running_server_follows_a_new_index(tmp_path: Path, engine: NanoEngine) -> None:
    documents = write_library(tmp_path / "documents")
    library = Library(tmp_path / "data", documents=documents)
    retriever = Retriever(library, engine)
    assert retriever.search("救护车的费用谁付", "taizhou") == ()
    write_document(documents, "taizhou/new", {"救护车费用": "救护车的费用由本人付。"})
    Library(tmp_path / "data", documents=documents).open(engine)  # as `python -m corpus add` does
    time.sleep(1.1)
    assert retriever.search("救护车的费用谁付", "taizhou")[0].clause.id == "taizhou/new#c1"
    assert "taizhou/new#c1" in retriever.clauses


def test_many_patients_at_once_each_get_their_own_answer(retriever: Retriever) -> None:
    questions = [
        (f"{level}医院住院起付线{'多少' * (n % 3)}", insurance)
        for n, level in enumerate(["一级", "二级", "三级"] * 8)
        for insurance in ("employee", "resident")
    ]
    alone = [retriever.search(q, "nantong", insurance) for q, insurance in questions]
    with ThreadPoolExecutor(32) as patients:
        fresh = Retriever(retriever._library, retriever._embedder)
        together = list(patients.map(lambda q: fresh.search(q[0], "nantong", q[1]), questions))
    assert together == alone


def test_sentence_transformers_gives_the_same_vectors(engine: NanoEngine) -> None:
    """What the server uses and what a quick command uses, over one index."""
    served = open_embedder()
    assert served.name == engine.name
    texts = ["住院起付线是多少", "门诊"]
    assert abs(served.queries(texts) - engine.queries(texts)).max() < 1e-6
    assert abs(served.passages(texts) - engine.passages(texts)).max() < 1e-6
    assert abs(served.passages(texts) - served.queries(texts)).max() > 0.01, "e5's prefixes differ"


def test_any_sentence_transformer_on_this_machine_serves(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import BoW

    words = ["deductible", "cap", "referral"]
    SentenceTransformer(modules=[BoW(words)], device="cpu").save(str(tmp_path / "model"))
    documents = tmp_path / "documents"
    write_document(documents, "nantong/a", {"Deductible": "The deductible is 720."})
    write_document(documents, "nantong/b", {"Cap": "The cap is 4100."})
    library = Library(tmp_path / "data", documents=documents)
    model = open_embedder(str(tmp_path / "model"))
    floor = dataclasses.replace(Floor.load(), floor=0.0)
    found = Retriever(library, model, floor).search("deductible", "nantong")
    assert found[0].clause.id == "nantong/a#c1"
    assert found[0].cosine == pytest.approx(1)


def test_a_model_that_is_not_here_is_not_downloaded() -> None:
    with pytest.raises(EmbeddingError, match="EMBEDDING_MODEL"):
        open_embedder("BAAI/bge-small-zh-v1.5")


@pytest.fixture(scope="module")
def real(data_dir: Path) -> Retriever:
    return open_retriever(Settings(data_dir=data_dir), light=True)


def test_the_right_clause_of_the_real_library_is_among_the_first(real: Retriever) -> None:
    ranks = measure(real, read())
    assert ranks.recall(1) >= 0.80, ranks
    assert ranks.recall(3) >= 0.92, ranks


def test_the_floor_parts_what_the_documents_answer_from_what_they_do_not(real: Retriever) -> None:
    wrong = {"answerable": 0, "unanswerable": 0}
    total = dict(wrong)
    for region, labels in yaml.safe_load(QUESTIONS.read_text("utf-8")).items():
        own = [clause for clause in real.clauses.values() if clause.region == region]
        for label, questions in labels.items():
            for question in questions[::2]:  # all of them take twice as long
                if not comes_to_floor(question, own):
                    continue
                found = bool(real.search(question, region))
                wrong[label] += found != (label == "answerable")
                total[label] += 1
    assert wrong["answerable"] <= 0.06 * total["answerable"], wrong
    assert wrong["unanswerable"] <= 0.2 * total["unanswerable"], wrong
