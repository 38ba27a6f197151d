"""The wheel has all that it needs: installed without the tools of development, it runs in an empty folder."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.packaging.installed import ROOT, built_wheel, dependencies, installed, metadata_of

_PACKAGES = ("bot", "handlers", "persian", "sandbox", "storage")
_LOCKED = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)", re.MULTILINE)
_TOOLS = ("hatchling", "mypy", "pytest", "tests")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(wheel, tmp_path_factory.mktemp("installed") / "environment")


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    there = {
        str(path.relative_to(ROOT))
        for package in _PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there - packed == set()
    assert {name for name in packed if ".dist-info/" not in name} - there == set()


def test_what_is_locked_to_run_is_what_the_wheel_needs(wheel: Path) -> None:
    locked = dict(_LOCKED.findall((ROOT / "requirements-run.lock").read_text()))
    whole = _LOCKED.findall((ROOT / "requirements.lock").read_text())
    assert set(_LOCKED.findall((ROOT / "requirements-run.lock").read_text())) <= set(whole)
    needed = dependencies(metadata_of(wheel))
    assert needed.keys() <= locked.keys()
    assert not locked.keys() & {"mypy", "pytest", "ruff", "hypothesis"}


def test_the_environment_is_whole_and_has_no_tools(programs: Path, tmp_path: Path) -> None:
    checked = subprocess.run(
        [programs / "python", "-m", "pip", "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    for tool in _TOOLS:
        imported = subprocess.run(
            [programs / "python", "-c", f"import {tool}"], cwd=tmp_path, capture_output=True, check=False
        )
        assert imported.returncode == 1, tool


def test_short_commands_work_in_an_empty_folder(programs: Path, tmp_path: Path) -> None:
    def peyk(*arguments: str) -> str:
        command = [str(programs / "peyk"), *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONUTF8": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return str(done.stdout)

    assert re.fullmatch(r"peyk \d+\.\d+\.\d+\n", peyk("--version"))
    assert peyk("settings") == (ROOT / ".env.example").read_text()
    assert peyk("articles", "list") == ""
    assert "ok\tdatabase\tdata/peyk.db" in peyk("doctor")


@asynccontextmanager
async def _demo(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> AsyncIterator[str]:
    """Run the demo by a command; yield the address that it prints, and see it end cleanly."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None, "piped"
    try:
        async with asyncio.timeout(100):
            while line := (await process.stdout.readline()).decode():
                if address := re.fullmatch(r"\s+(http://127\.0\.0\.1:\d+)/\n", line):
                    yield address[1]
                    break
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, output = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, "Traceback" in output.decode()) == (0, False), output.decode()


async def _shows_news(address: str) -> None:
    async with ClientSession() as session, session.get(f"{address}/") as page:
        assert page.status == 200
        assert 'dir="rtl"' in await page.text()


@pytest.mark.timeout(240)
async def test_the_demo_runs_from_the_wheel_in_an_empty_folder(programs: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    async with _demo([programs / "peyk", "run"], tmp_path, environment) as address:
        await _shows_news(address)
    assert list(tmp_path.iterdir()) == []


def _can_unshare() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.timeout(240)
@pytest.mark.skipif(not _can_unshare(), reason="a clean root needs Linux, the superuser and unshare")
async def test_the_demo_runs_as_in_a_container(programs: Path, tmp_path: Path) -> None:
    root, folder = tmp_path / "root", tmp_path / "folder"
    root.mkdir()
    folder.mkdir()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    needed = {sys.base_prefix, str(programs.parent), str(Path(pytest.__file__).parents[1])}
    visible = " ".join(path for path in sorted(needed) if not path.startswith("/usr/"))
    script = Path(__file__).parent / "clean_root.sh"
    inside = ["unshare", "--mount", str(script), str(root), str(folder), visible, str(programs / "peyk")]
    environment = {"PATH": os.environ["PATH"], "METRICS_LISTEN": f"127.0.0.1:{port}"}
    async with _demo([*inside, "run"], tmp_path, environment) as address:
        await _shows_news(address)
        async with asyncio.timeout(60):
            while await _status([*inside, "health"], environment):
                await asyncio.sleep(0.2)
    assert list(folder.iterdir()) == []


async def _status(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()
