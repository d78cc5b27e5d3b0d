"""The wheel is whole: what it ships is what the repository has, and it runs where the repository is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("generator", "templates")
SECONDS = 400
# Nothing of this repository may help: no PYTHONPATH, no workspace named.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KETNGHIA"))}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _build(folder: Path) -> Path:
    """The wheel, built from a copy: setuptools writes into the folder that it builds from."""
    source = folder / "source"
    source.mkdir()
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_ships_every_module_and_every_template(tmp_path: Path) -> None:
    with zipfile.ZipFile(_build(tmp_path)) as wheel:
        shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(ROOT).as_posix().replace("templates/", "ketnghia_templates/", 1)
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (name == "templates" or path.suffix == ".py")
    }
    assert shipped == expected


def test_the_wheel_in_an_empty_environment_runs_the_demo_in_an_empty_folder(tmp_path: Path) -> None:
    wheel = _build(tmp_path)
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / "bin"
    _run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    assert "demo" in _run(scripts / "ketnghia", "--help", cwd=workspace)
    _run(scripts / "ketnghia", "demo", "--partners", "3", "--years", "2025", cwd=workspace)
    assert list(workspace.glob("outputs/*/*.docx"))
