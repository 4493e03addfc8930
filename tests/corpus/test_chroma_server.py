"""The index on a real Chroma server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import chromadb
import httpx
import pytest

from corpus.index import Library
from corpus.search import RegionSearch
from tests.corpus.conftest import CountingEngine
from tests.corpus.samples import write_document
from tests.servers import free_port


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    folder = tmp_path_factory.mktemp("chroma")
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{url}/api/v2/heartbeat")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
        server.terminate()


@pytest.fixture
def client(chroma_url: str) -> Iterator[chromadb.ClientAPI]:
    """The server, emptied afterwards."""
    client = chromadb.HttpClient("127.0.0.1", int(chroma_url.rsplit(":", 1)[1]))
    yield client
    for collection in client.list_collections():
        client.delete_collection(collection.name)


def test_two_machines_share_the_vectors(
    tmp_path: Path,
    documents: Path,
    engine: CountingEngine,
    chroma_url: str,
    client: chromadb.ClientAPI,
) -> None:
    Library(tmp_path / "a", chroma_url, documents).open(engine)
    engine.embedded.clear()
    index = Library(tmp_path / "b", chroma_url, documents).open(engine)
    assert engine.embedded == [], "the second machine finds what the first has embedded"
    search = RegionSearch(index.regions["nantong"], engine)
    best = search.find("进医院先要自己掏多少钱", "employee", 1)[0]
    assert best.clause.id == "nantong/employee#c1"
    assert best.cosine > 0.8
    assert len(client.list_collections()) == 2, "one collection a region, shared"


def test_what_serves_stays_until_the_next_but_one(
    tmp_path: Path,
    documents: Path,
    engine: CountingEngine,
    chroma_url: str,
    client: chromadb.ClientAPI,
) -> None:
    library = Library(tmp_path, chroma_url, documents)
    old = library.open(engine)
    for number in range(3):
        write_document(documents, f"taizhou/new-{number}", {"救护车": "救护车费用由本人承担。"})
        library.open(engine)
        if number == 0:
            search = RegionSearch(old.regions["taizhou"], engine)
            assert search.find("起付线", None, 1), "whoever still reads the old index can"
    assert len(client.list_collections()) == 4, "two regions, two generations"


def test_a_server_that_lost_its_data_gets_it_again(
    tmp_path: Path,
    documents: Path,
    engine: CountingEngine,
    chroma_url: str,
    client: chromadb.ClientAPI,
) -> None:
    library = Library(tmp_path, chroma_url, documents)
    library.open(engine)
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    index = library.open(engine)
    assert [region.vectors.count() > 0 for region in index.regions.values()] == [True, True]
