"""What all tests share: LibreOffice and the Node clients, golden files, and how hypothesis behaves.

A program that is missing fails the test with the command that installs it; nothing is skipped.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from real_programs import CLIENTS, SECONDS, run

OFFICE_PACKAGES = "libreoffice-calc-nogui libreoffice-writer-nogui python3-uno fonts-liberation2 poppler-utils"

settings.register_profile(
    "ketnghia",
    deadline=None,
    max_examples=25,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    # Two workers share two cores with LibreOffice: a slow draw says nothing about the code.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ketnghia")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` rewrites the expected files; the diff is then reviewed."""
    parser.addoption("--update", action="store_true", help="rewrite the expected (golden) files")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten rather than compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Garbage is not collected meanwhile: how long that takes depends on all the tests before."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _office() -> str:
    found = shutil.which("soffice")
    if found is None:
        pytest.fail(
            f"LibreOffice is missing: apt-get update && apt-get install --no-install-recommends {OFFICE_PACKAGES}"
        )
    return found


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`soffice(path, fmt, outdir)` -> the file as LibreOffice converts it; `fmt` is "pdf", "xlsx:Calc MS Excel …"."""
    # Each xdist worker has a factory, so a profile, of its own: two offices with one profile block each other.
    profile = tmp_path_factory.mktemp("soffice-profile")

    def convert(path: Path, fmt: str, outdir: Path, seconds: float = SECONDS) -> Path:
        outdir.mkdir(parents=True, exist_ok=True)
        target = outdir / f"{path.stem}.{fmt.partition(':')[0]}"
        target.unlink(missing_ok=True)
        options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        printed = run([_office(), *options, "--convert-to", fmt, "--outdir", outdir, path], seconds)
        # LibreOffice leaves with 0 also when it wrote nothing.
        assert target.is_file(), f"LibreOffice made no {target.name}: {printed}"
        return target

    return convert


@pytest.fixture(scope="session")
def node_client() -> Callable[..., str]:
    """`node_client("fill", "exceljs", …)` -> what `node tests/clients/fill.mjs exceljs …` printed."""
    if shutil.which("node") is None or not (CLIENTS / "node_modules").is_dir():
        pytest.fail('node or tests/clients/node_modules is missing: run "make test", which installs both')

    def call(script: str, *arguments: str | Path, seconds: float = SECONDS) -> str:
        return run(["node", CLIENTS / f"{script}.mjs", *arguments], seconds)

    return call


CLIENT_NAMES = ("exceljs", "sheetjs", "libreoffice")


@pytest.fixture
def fill_with(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Path]:
    """`fill_with(client, source, target, entries)` -> target, typed into and saved by one of CLIENT_NAMES.

    An entry is {"sheet": …, "cell": "E12", "value": number | text | bool | None | {"date": …} | {"formula": …}}.
    """

    def fill(client: str, source: Path, target: Path, entries: Sequence[Mapping[str, object]]) -> Path:
        values = tmp_path / f"{target.stem}-{client}-values.json"
        values.write_text(json.dumps(list(entries), ensure_ascii=False), encoding="utf-8")
        if client == "libreoffice":
            _office()
            # Debian's own Python, because only it has `uno`.
            run(["/usr/bin/python3", CLIENTS / "fill_uno.py", source, target, values, str(SECONDS)], SECONDS + 20)
        else:
            request.getfixturevalue("node_client")("fill", client, source, target, values)
        assert target.is_file(), f"{client} saved nothing"
        return target

    return fill
