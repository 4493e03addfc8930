"""``python -m corpus``: build, list, search, add, check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.settings import Settings
from corpus.completeness import check
from corpus.convert import ConversionError
from corpus.documents import LIBRARY, Document, DocumentError, load
from corpus.regions import FILE_NAME


def main(argv: Sequence[str] | None = None, *, documents: Path = LIBRARY) -> int:
    """Run a command; returns the process's exit code: 1 for faults, 2 where it can't be done."""
    given = _parser().parse_args(argv)
    try:
        return int(given.run(given, documents) or 0)
    except (ConversionError, DocumentError) as error:
        print(error, file=sys.stderr)
    except RuntimeError as error:  # the embedding model or the vector store, as they tell it
        print(error, file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description="The policy library.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="build the index where it isn't up to date")
    build.set_defaults(run=_build)

    prepare = commands.add_parser(
        "prepare", help="keep the vectors of all texts beside the library, for a quick first start"
    )
    prepare.set_defaults(run=_prepare)

    listing = commands.add_parser("list", help="list the documents")
    listing.add_argument("--region")
    listing.set_defaults(run=_list)

    search = commands.add_parser("search", help="search the clauses of a region")
    search.add_argument("question")
    search.add_argument("--region", required=True)
    search.add_argument("--insurance", choices=("employee", "resident"))
    search.add_argument("-k", type=int, default=6, help="clauses shown (default 6)")
    search.set_defaults(run=_search)

    add = commands.add_parser(
        "add", help="convert a file into a document, for review, and index it"
    )
    add.add_argument("file", type=Path, help="txt, md, html, docx, pdf or xlsx")
    add.add_argument("--region", required=True, help="folder name, such as wuxi; may be new")
    add.add_argument("--insurance", required=True, choices=("employee", "resident", "both"))
    add.add_argument("--title", required=True)
    add.add_argument("--as-of", required=True, help="YYYY, YYYY-MM or unknown")
    add.add_argument("--issuer", default="unknown")
    add.add_argument("--hotline", default="unknown")
    add.add_argument("--replace", action="store_true", help="replace an earlier version")
    add.set_defaults(run=_add)

    faults = commands.add_parser("check", help="check the documents, also against their sources")
    faults.add_argument("--sources", type=Path, help="folder of the source files (*.txt)")
    faults.set_defaults(run=_check)
    return parser


# Commands that need the index import it themselves: listing and checking stay quick.


def _build(_: argparse.Namespace, documents: Path) -> None:
    from corpus.embedding import open_embedder
    from corpus.index import Library

    settings = Settings()
    library = Library(settings.data_dir, settings.chroma_url, documents)
    before = library.current()
    index = library.open(open_embedder(settings.embedding_model, light=True))
    state = "up to date" if index.generation == before else "built"
    print(f"Index {state}: {len(index.clauses)} clauses, regions {', '.join(index.regions)}.")


def _prepare(_: argparse.Namespace, documents: Path) -> None:
    from corpus import prepared
    from corpus.embedding import open_embedder
    from corpus.index import Library

    settings = Settings()
    embedder = open_embedder(settings.embedding_model, light=True)
    vectors = Library(settings.data_dir, settings.chroma_url, documents).open(embedder).known()
    prepared.save(vectors, embedder.name)
    print(f"{prepared.FILE}: {len(vectors)} texts")


def _list(given: argparse.Namespace, documents: Path) -> None:
    for document in _of_region(load(documents), given.region):
        count = len(document.clauses)
        print(
            f"{document.id:<48} {document.insurance:<9} {document.as_of:<8} "
            f"{count:>3} clauses  {document.title}"
        )


def _of_region(documents: Sequence[Document], region: str | None) -> list[Document]:
    found = [d for d in documents if region in (None, d.region)]
    if not found:
        raise DocumentError(f"no documents of region '{region}'")
    return found


def _search(given: argparse.Namespace, documents: Path) -> None:
    from corpus.embedding import open_embedder
    from corpus.index import Library
    from corpus.search import RegionSearch

    settings = Settings()
    embedder = open_embedder(settings.embedding_model, light=True)
    index = Library(settings.data_dir, settings.chroma_url, documents).open(embedder)
    if given.region not in index.regions:
        raise DocumentError(f"no documents of region '{given.region}'")
    search = RegionSearch(index.regions[given.region], embedder)
    for n, found in enumerate(search.find(given.question, given.insurance, given.k), start=1):
        clause = found.clause
        print(f"{n}. {clause.heading}（{clause.as_of}）  {clause.id}")
        print(f"   {found.excerpt}")
        print(f"   cosine {found.cosine:.3f}, coverage {found.coverage:.2f}")


def _add(given: argparse.Namespace, documents: Path) -> None:
    from corpus.embedding import open_embedder
    from corpus.index import Library
    from corpus.intake import Origin, add

    settings = Settings()
    library = Library(settings.data_dir, settings.chroma_url, documents)
    origin = Origin(
        title=given.title,
        region=given.region,
        insurance=given.insurance,
        as_of=given.as_of,
        issuer=given.issuer,
        hotline=given.hotline,
    )
    embedder = open_embedder(settings.embedding_model, light=True)
    target, document = add(given.file, origin, library, embedder, replace=given.replace)
    print(f"{target}: {len(document.clauses)} clauses, indexed. Please review it:")
    print("figures and tables as in the source, clauses with one subject, ways patients ask.")
    if not (target.parent / FILE_NAME).exists():
        print(f"The region is new: write {target.parent / FILE_NAME}, so that it is recognised.")


def _check(given: argparse.Namespace, documents: Path) -> int:
    if given.sources and not given.sources.is_dir():
        raise DocumentError(f"{given.sources} is not a folder")
    found = load(documents)
    complaints = check(found, given.sources, documents)
    for complaint in complaints:
        print(complaint)
    clauses = sum(len(document.clauses) for document in found)
    print(f"{len(found)} documents, {clauses} clauses, {len(complaints)} faults.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
