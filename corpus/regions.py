"""The places that the library covers: one ``region.toml`` beside a region's documents.

A region is added by adding its folder; nothing here or in ``bot`` names one::

    name = "无锡"
    adcode = "3202"                    # administrative division code, or its beginning
    also = ["锡城"]                     # other names of the city
    separate = ["江阴", "宜兴"]          # counties that run their own medical insurance
    hospitals = ["锡山人民医院"]          # local hospitals that the documents name
    office = "无锡市医疗保险基金管理中心"
    hotline = "0510-81880202"          # empty where no document gives one
    cite = "wuxi/contacts#phone"       # the clause that says so

    [hospitals_elsewhere]              # hospitals in other places that the documents name
    "上海" = ["复旦大学附属中山医院"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from corpus.documents import LIBRARY

FILE_NAME = "region.toml"


class RegionError(ValueError):
    """A ``region.toml`` can't be used; the message names file, key and what to do."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place with a medical insurance of its own, whose documents the library has."""

    id: str
    """The folder's name, as documents and settlement policies write it."""
    name: str
    """As patients say it, without 市."""
    adcode: str
    office: str
    hotline: str
    cite: str
    also: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    hospitals_elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_KEYS = {field.name for field in fields(Region)} - {"id"}
_LISTS = frozenset({"also", "separate", "hospitals"})
_TABLES = frozenset({"hospitals_elsewhere"})


def load_regions(library: Path = LIBRARY) -> tuple[Region, ...]:
    """Read every region of the library, in the order of their ids.

    Raises:
        RegionError: a key is missing, unknown or of the wrong type; a code isn't made of digits.
    """
    return tuple(_read(path) for path in sorted(library.glob(f"*/{FILE_NAME}")))


def _read(path: Path) -> Region:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RegionError(f"{path}: not TOML: {error}") from error
    if unknown := sorted(table.keys() - _KEYS):
        raise RegionError(f"{path}: unknown {', '.join(unknown)}")
    if missing := sorted(_KEYS - _LISTS - _TABLES - table.keys()):
        raise RegionError(f"{path}: lacks {', '.join(missing)}")
    for key in _KEYS & table.keys():
        table[key] = _value(table[key], key, path)
    if not table["name"] or not table["adcode"].isdigit():
        raise RegionError(f"{path}: name must not be empty, adcode has digits only")
    return Region(id=path.parent.name, **table)


def _value(value: object, key: str, path: Path) -> object:
    """The value in the field's type."""
    if key in _TABLES and isinstance(value, dict):
        return {place: _names(names, f"{key}.{place}", path) for place, names in value.items()}
    if key in _LISTS:
        return _names(value, key, path)
    if not isinstance(value, str):
        raise RegionError(f"{path}: {key} is {'a table' if key in _TABLES else 'a text in quotes'}")
    return value


def _names(value: object, key: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise RegionError(f"{path}: {key} is a list of names")
    return tuple(value)
