"""The index: built once, opened quickly, replaced as a whole."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from corpus import generation, prepared
from corpus.documents import DocumentError
from corpus.embedding import NanoEngine
from corpus.index import Library
from tests.corpus.conftest import CountingEngine
from tests.corpus.samples import builder, write_document


def generations(data: Path) -> set[str]:
    return {path.name for path in (data / "index").iterdir() if path.is_dir()}


def test_the_second_start_embeds_nothing(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    first = Library(tmp_path, documents=documents).open(engine)
    engine.embedded.clear()
    second = Library(tmp_path, documents=documents).open(engine)
    assert second.generation == first.generation
    assert engine.embedded == []
    assert dict(second.clauses) == dict(first.clauses)


def test_the_first_start_embeds_next_to_nothing(tmp_path: Path, engine: CountingEngine) -> None:
    texts = Library(tmp_path).open(engine).known()
    assert len(engine.embedded) < len(texts) / 20, "python -m corpus prepare"


def test_prepared_vectors_are_the_models_own(tmp_path: Path, engine: CountingEngine) -> None:
    file, texts = tmp_path / "prepared.npz", ["住院起付线是多少", "社保卡丢了"]
    vectors = dict(zip(texts, engine.passages(texts), strict=True))
    prepared.save(vectors, engine.name, file)
    kept = prepared.load([*texts, "没有的"], engine.name, file)
    assert list(kept) == texts
    assert all(float(kept[text] @ vectors[text]) > 0.9999 for text in texts)
    assert prepared.load(texts, "another model", file) == {}


def test_a_changed_document_is_indexed_and_only_it(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    engine.embedded.clear()
    write_document(documents, "taizhou/new", {"救护车": "救护车费用由本人承担。"})
    index = library.open(engine)
    assert "taizhou/new#c1" in index.clauses
    assert len(engine.embedded) == 1
    assert "救护车" in engine.embedded[0]


def test_a_new_region_needs_only_its_folder(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    write_document(documents, "suqian/both", {"报销": "二级医院报 81%。"})
    assert "suqian" in Library(tmp_path, documents=documents).open(engine).regions


@pytest.mark.parametrize("part", ["chroma", "words", "clauses.json", "stamp.json"])
def test_a_damaged_index_is_built_again(
    tmp_path: Path, documents: Path, engine: CountingEngine, part: str
) -> None:
    library = Library(tmp_path, documents=documents)
    damaged = tmp_path / "index" / library.open(engine).generation / part
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "index", copy / "index")
    damaged = copy / "index" / library.current() / part
    if damaged.is_dir():
        shutil.rmtree(damaged)
    else:
        damaged.write_text("{", encoding="utf-8")
    index = Library(copy, documents=documents).open(engine)
    assert index.generation != library.current()
    assert set(index.regions) == {"nantong", "taizhou"}


def test_another_model_gets_its_own_index(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    other = NanoEngine()
    other.name = "another-model"
    assert library.serving(other) is None
    library.open(other)
    assert library.serving(other) is not None
    assert library.serving(engine) is None


def test_another_chroma_gets_its_own_index(
    tmp_path: Path, documents: Path, engine: CountingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, documents=documents)
    first = library.open(engine).generation
    monkeypatch.setattr(generation, "version", lambda _: "99.0")
    assert library.open(engine).generation != first


def test_a_program_with_other_entries_does_not_read_it(
    tmp_path: Path, documents: Path, engine: CountingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a new version has built the index while the old one still serves."""
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    monkeypatch.setattr(generation, "_SCHEME", (generation,))
    assert library.serving(engine) is None


def test_a_broken_document_leaves_the_old_index(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    serving = library.current()
    (documents / "taizhou" / "broken.md").write_text("## no front matter", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"broken\.md"):
        library.open(engine)
    assert library.current() == serving
    assert library.serving(engine) is not None


def test_a_killed_builder_leaves_the_old_index_and_no_lock(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    old = library.current()
    write_document(documents, "taizhou/new", {"救护车": "救护车费用由本人承担。"})
    process = subprocess.Popen(
        builder(tmp_path, documents, seconds=60), stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "embedding\n"
        process.send_signal(signal.SIGKILL)
    assert library.current() == old
    assert len(generations(tmp_path)) == 2, "the dead builder's folder is still there"
    serving = library.serving(engine)
    assert serving
    assert "taizhou/new#c1" not in serving.clauses

    assert "taizhou/new#c1" in library.open(engine).clauses
    write_document(documents, "taizhou/newer", {"急诊": "急诊费用按住院报。"})
    library.open(engine)
    assert len(generations(tmp_path)) == 2, "the one that serves and the one before"


def test_a_failed_build_leaves_nothing_behind(
    tmp_path: Path, documents: Path, engine: CountingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    before = generations(tmp_path)
    write_document(documents, "taizhou/new", {"救护车": "救护车费用由本人承担。"})

    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(engine, "passages", fail)
    with pytest.raises(MemoryError):
        library.open(engine)
    assert generations(tmp_path) == before
    assert library.serving(engine) is not None


def test_two_builders_make_one_index(tmp_path: Path, documents: Path) -> None:
    processes = [
        subprocess.Popen(
            builder(tmp_path, documents, seconds=0.5),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    built = {out.splitlines()[-1] for out, _ in said}
    assert len(built) == 1, "both opened the same generation"
    assert sum("embedding" in out for out, _ in said) == 1, "one built, the other waited"
    assert len(generations(tmp_path)) == 1
