"""Imports run one way, and every module stands on the README's tree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ORDER = """
data augmentation photo sketch models evaluation probe config records training gradients encodings checkpoints
experiments tables rounds findings results verdicts database store worker cluster engine lessons textbook
bench options commands __main__
""".split()  # noqa: SIM905
PAGES_ONLY = {"streamlit", "plotly", "dashboard"}


def imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_core_imports_only_what_stands_above():
    modules = {path.stem: path for path in (ROOT / "pairdigits").glob("*.py") if path.stem != "__init__"}
    assert set(modules) == set(ORDER)
    for name, path in modules.items():
        for imported in imports(path):
            assert imported.partition(".")[0] not in PAGES_ONLY, f"{name} imports {imported}"
            found = re.match(r"pairdigits\.(\w+)", imported)
            if found and found[1] in ORDER:
                assert ORDER.index(found[1]) < ORDER.index(name), f"{name} imports {found[1]}"


def test_charts_are_pure_and_nothing_imports_a_view():
    for path in (ROOT / "dashboard").rglob("*.py"):
        for imported in imports(path):
            if path.parent.name == "charts":
                assert imported.partition(".")[0] not in {"streamlit", "torch"}, f"{path.name} imports {imported}"
            assert not imported.startswith("dashboard.views."), f"{path.name} imports {imported}"


def test_views_do_not_import_torch_at_the_top():
    heavy = {"torch", "pairdigits.data", "pairdigits.models", "pairdigits.training", "pairdigits.checkpoints"}
    for path in (ROOT / "dashboard" / "views").glob("*.py"):
        top = ast.Module([node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        names = {getattr(node, "module", None) or node.names[0].name for node in top.body}
        assert not names & heavy, f"{path.name} imports {names & heavy} at the top"


def test_every_file_stands_on_the_readmes_tree():
    readme = (ROOT / "README.md").read_text()
    for folder in ("pairdigits", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.stem == "__init__" or path.name in readme, f"{path.relative_to(ROOT)} is not on the README's tree"
