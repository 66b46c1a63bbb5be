"""What `pip install .` gives, from a folder that knows nothing of the source."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKED = ("pairdigits", "dashboard", "checkpoints", "pyproject.toml", "README.md", "LICENSE")
Run = Callable[..., subprocess.CompletedProcess]

OPEN_EVERY_PAGE = """
import dashboard
from pathlib import Path
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

folder = Path(dashboard.__file__).parent
for page in sorted(path.parent.name for path in folder.glob("*/page.py")):
    app = AppTest.from_file(str(folder / "pages.py"), default_timeout=300)
    app._page_hash = calc_hash(page)
    app.run()
    troubles = [error.value for error in (*app.exception, *app.error)]
    print(page, app.title[0].value, *troubles, sep=": ")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment's programs: the wheel, and from the tests' environment what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy, because setuptools builds in place
    source.mkdir()
    for name in PACKED:
        path = ROOT / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, source], check=True)
    shutil.rmtree(source)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", symlinks=os.name == "posix")
    scheme = sysconfig.get_preferred_scheme("prefix")
    paths = sysconfig.get_paths(scheme, {"base": str(folder / "env"), "platbase": str(folder / "env")})
    python = Path(paths["scripts"]) / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    # Not itself a site folder: the source's editable installation in it counts for nothing.
    (Path(paths["purelib"]) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict:
    """Where and with which environment a program runs that finds nothing of the source."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {"cwd": tmp_path, "env": environment | {"PAIRDIGITS_WORKERS": "1"}}


@pytest.fixture
def run(installed: Path, elsewhere: dict) -> Run:
    """Runs a program of the environment to its end."""

    def ran(program: str, *arguments: str) -> subprocess.CompletedProcess:
        command = [installed / program, *arguments]
        return subprocess.run(command, **elsewhere, capture_output=True, text=True, timeout=500)

    return ran


@pytest.mark.slow
def test_every_page_opens(run: Run, installed: Path) -> None:
    where = run("python", "-c", "import dashboard, pairdigits; print(dashboard.__file__, pairdigits.__file__)").stdout
    assert where.count(str(installed.parent)) == 2
    done = run("python", "-c", OPEN_EVERY_PAGE)
    titles = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert titles.keys() == {path.parent.name for path in (ROOT / "dashboard").glob("*/page.py")}, done.stderr
    assert titles["probe"] and not [title for title in titles.values() if ": " in title], titles


@pytest.mark.slow
def test_the_command_line_finds_the_trained_models(run: Run) -> None:
    done = run("pairdigits", "probe", "v7")
    assert "0 of 100 wrong" in done.stdout, done.stderr
    done = run("pairdigits", "dashboard", "--port", "0")
    assert (done.returncode, done.stderr) == (2, "Port is 0: give a whole number from 1 to 65,535.\n")


@pytest.mark.slow
def test_the_dashboard_is_served_with_its_own_settings(run: Run, installed: Path, elsewhere: dict) -> None:
    code = "from dashboard.components.plotly_script import ADDRESS; print(ADDRESS)"
    script = run("python", "-c", code).stdout.strip()
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    elsewhere["env"]["STREAMLIT_SERVER_HEADLESS"] = "true"
    command = [installed / "pairdigits", "dashboard", "--port", str(port)]
    with subprocess.Popen(command, **elsewhere) as server:
        try:
            assert answered(f"http://localhost:{port}/_stcore/health") == b"ok"
            assert b"<title>Streamlit" in answered(f"http://localhost:{port}/probe")
            assert b"plotly.js" in answered(f"http://localhost:{port}/{script}")[:1000]
        finally:
            server.terminate()


def answered(address: str, seconds: float = 300) -> bytes:
    """What a server says, once it is there."""
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
