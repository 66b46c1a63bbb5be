"""Imports run one way, each package's docstring names the files that are in it, and what is imported is declared."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CORE, PAGES = ROOT / "pairdigits", ROOT / "dashboard"
PAGES_ONLY = {"streamlit", "plotly", "dashboard"}
SHARED = {"shared", "charts", "components"}  # what any page may import
HEAVY = {"torch", "pairdigits.data", "pairdigits.models", "pairdigits.training", "pairdigits.checkpoints"}
# Whose functions may import, and why; everywhere else imports stand at the top.
LATE = {
    "dashboard.live": "a server imports it at its start, which torch would hold up",
    "dashboard.preload": "so too",
    "dashboard.sketch": "so too: the first page is there before torch",
    "dashboard.shared.state": "so too",
    "pairdigits.verdicts": "so too",
    "dashboard.pages": "workers execute it under another name, and need nothing of it",
    "pairdigits.commands": "a device needs no Dask, most runs no database",
    "pairdigits.data": "torchvision takes a second, and serves one option",
    "pairdigits.distances": "so does numba, which may be missing",
    "pairdigits.fused": "so too",
    "pairdigits.sketch": "so does scikit-image, which only thick pens need",
    "pairdigits.runs.database": "so does Alembic, which a database needs once",
}


def modules(folder: Path) -> dict[str, Path]:
    """Dotted names below a package, without its own, -> files; migrations are no modules, Alembic reads them."""
    found = {".".join(path.relative_to(folder).with_suffix("").parts): path for path in folder.rglob("*.py")}
    return {name: path for name, path in found.items() if not name.endswith("__init__") and "migrations" not in name}


def nodes(path: Path) -> Iterator[ast.AST]:
    """All that stands in a file."""
    return ast.walk(ast.parse(path.read_text()))


def imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in it."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def listed(package: Path) -> list[str]:
    """The names that stand in the left column of a package's docstring, in order."""
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    rows = re.findall(r"^([\w.]+(?:, [\w.]+)*)  +\S", docstring, re.MULTILINE)
    return [name for row in rows for name in row.split(", ")]


def test_core_imports_only_what_stands_above_in_its_docstring():
    order, found = listed(CORE), modules(CORE)
    assert sorted(order) == sorted(found)
    for name, path in found.items():
        for imported in imports(path):
            assert imported.partition(".")[0] not in PAGES_ONLY, f"{name} imports {imported}"
            local = imported.removeprefix("pairdigits.")
            if local in order and imported != local:
                assert order.index(local) < order.index(name), f"{name} imports {local}"


def test_imports_between_the_rooms_of_the_dashboard():
    for name, path in modules(PAGES).items():
        room, _, _ = name.rpartition(".")
        for imported in imports(path):
            parts = imported.split(".")
            if room == "charts":
                assert parts[0] not in {"streamlit", "torch"}, f"{name} imports {imported}"
            if room and parts[0] == "dashboard" and len(parts) > 1 and parts[1] != room:
                assert parts[1] in SHARED, f"{name} imports {imported}"
                assert room != "components" or parts[1] in SHARED, f"{name} imports {imported}"


def test_no_packages_import_each_other():
    found = {f"{top.name}.{name}": path for top in (CORE, PAGES) for name, path in modules(top).items()}
    uses: dict[str, set[str]] = {name: imports(path) & found.keys() for name, path in found.items()}
    packages: dict[str, set[str]] = {}
    for name, imported in uses.items():
        package = name.rpartition(".")[0]
        packages.setdefault(package, set()).update({one.rpartition(".")[0] for one in imported} - {package})
    for arrows in (packages, uses):  # and no files do
        TopologicalSorter(arrows).prepare()  # raises CycleError with the names where some import each other in a circle


def test_one_file_reads_and_writes_the_address_of_a_page():
    for name, path in modules(PAGES).items():
        for node in nodes(path):
            used = isinstance(node, ast.Attribute) and ast.unparse(node) == "st.query_params"
            bound = isinstance(node, ast.Call) and any(one.arg == "bind" for one in node.keywords)
            assert not (used or bound) or name == "shared.address", f"{name}, line {node.lineno}"


def test_parts_that_run_again_alone_carry_an_error_boundary():
    for name, path in modules(PAGES).items():
        used = any(isinstance(one, ast.Attribute) and ast.unparse(one) == "st.fragment" for one in nodes(path))
        assert not used or name in ("shared.state", "components.samples"), f"{name}: use state.fragment"


def test_pages_do_not_import_torch_at_the_top():
    for path in PAGES.glob("*/page.py"):
        top = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {getattr(node, "module", None) or node.names[0].name for node in top}
        assert not names & HEAVY, f"{path} imports {names & HEAVY} at the top"


def test_imports_inside_functions_have_a_reason():
    reasons = set()
    for top in (CORE, PAGES):
        for name, path in modules(top).items():
            for outer in nodes(path):
                late = isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                    isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(outer)
                )
                if late:
                    reason = next((one for one in LATE if f"{top.name}.{name}.".startswith(f"{one}.")), None)
                    assert reason, f"{name} imports in {outer.name}"
                    reasons.add(reason)
    assert reasons == set(LATE)


@pytest.mark.parametrize("package", sorted(path.parent for path in PAGES.glob("*/__init__.py")), ids=lambda p: p.name)
def test_each_room_lists_its_files(package: Path):
    assert sorted(listed(package)) == sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")


def test_no_file_repeats_its_folders_name():
    kinds = ("py", "js", "css", "html")
    for path in [path for top in (CORE, PAGES) for kind in kinds for path in top.rglob(f"*.{kind}")]:
        assert path.parent.name not in path.stem.split("_"), path


def test_what_is_imported_is_declared_and_pinned():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = {canonicalize_name(Requirement(one).name) for one in settings["project"]["dependencies"]}
    paths = [*modules(CORE).values(), *modules(PAGES).values()]
    names = {imported.partition(".")[0] for path in paths for imported in imports(path)}
    providers = importlib.metadata.packages_distributions()
    used = {canonicalize_name(providers[name][0]) for name in names - sys.stdlib_module_names - {CORE.name, PAGES.name}}
    assert used == declared - {"psycopg", "uvloop", "httptools"}  # SQLAlchemy and Streamlit import these
    lines = (line.partition("#")[0] for line in (ROOT / "requirements.txt").read_text().splitlines())
    pinned = [Requirement(line) for line in lines if "==" in line]
    pins = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in pinned}
    for one in map(Requirement, settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]):
        assert pins[canonicalize_name(one.name)] in one.specifier, one
