"""Init: a new workspace with the shipped templates and a registry made from the reviewed CSV files.

In:   a folder that holds nothing it would overwrite. Out: templates/, inputs/registry.xlsx, outputs/.
Imports definitions.load, pipeline.registry, pipeline.workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from generator.definitions.load import load_forms
from generator.issues import Place, RefusedError, UnusableError, has_errors, issue
from generator.pipeline.registry import REGISTRY_FORM, registry_workbook
from generator.pipeline.workspace import Workspace, unusable, write_atomic

SHIPPED_FOLDERS = ("forms", "reports", "letters", "replies", "messages", "standards", "registry")
"""What of templates/ a workspace gets; other folders are somebody's own."""
_LEFT_OUT = ("~$", ".", "__")


def shipped_templates() -> Path:
    """The templates that came with the program: in a wheel, in an editable install, in the repository itself."""
    try:
        # __path__, not importlib.resources: an editable install adds a hook's name to the paths, which it rejects
        folders = [Path(folder) for folder in import_module("ketnghia_templates").__path__]
    except ModuleNotFoundError:
        folders = []
    folders.append(Path(__file__).resolve().parents[2] / "templates")
    return next((folder for folder in folders if (folder / "forms").is_dir()), folders[-1])


def init(root: Path) -> tuple[Path, ...]:
    """Makes a workspace and returns the files written, in order of name.

    UnusableError `workspace.would_overwrite` when any of them stands there already; then nothing is written.
    RefusedError when the shipped templates have faults, from which no registry can be made.
    """
    workspace = Workspace(root.absolute())
    # the bytes are read first: half a workspace is worse than none
    contents = {**_templates_for(workspace), workspace.registry: _first_registry(shipped_templates())}
    _write_new(workspace, contents)
    try:
        workspace.outputs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(error, workspace.outputs) from error
    return tuple(sorted(contents))


def copy_templates(workspace: Workspace) -> None:
    """Writes the shipped templates into a workspace that has none; raises as `init` does."""
    _write_new(workspace, _templates_for(workspace))


def _templates_for(workspace: Workspace) -> dict[Path, bytes]:
    source = shipped_templates()
    return {workspace.templates / path.relative_to(source): path.read_bytes() for path in _shipped_files(source)}


def _write_new(workspace: Workspace, contents: Mapping[Path, bytes]) -> None:
    standing = [path for path in contents if path.exists()]
    if standing:
        first = workspace.relative(standing[0])
        place = Place(str(workspace.root))
        raise UnusableError(issue("workspace.would_overwrite", place, count=len(standing), first=first))
    for path, content in contents.items():
        write_atomic(path, content)


def _shipped_files(source: Path) -> list[Path]:
    found = [path for folder in SHIPPED_FOLDERS for path in (source / folder).rglob("*") if path.is_file()]
    # Office leaves "~$…" lock files beside an open document, Python its caches
    return sorted(path for path in found if not any(part.startswith(_LEFT_OUT) for part in path.parts[-2:]))


def _first_registry(source: Path) -> bytes:
    forms, faults = load_forms(source / "forms")
    if REGISTRY_FORM not in forms:
        raise RefusedError(*faults)
    content, faults = registry_workbook(forms, source / "registry")
    if has_errors(faults):
        raise RefusedError(*faults)
    return content
