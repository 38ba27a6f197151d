"""Short commands import nothing that takes longer to import than they do to run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.command import lazy_commands

_SLOW = {"aiohttp", "asyncio", "httpx", "pydantic", "rich", "sandbox", "sqlalchemy", "structlog", "telegram"}
_OF_OTHERS = {"matplotlib", "sandbox", "telegram", "trafilatura"}
"""Packages that only running Peyk needs, or its side processes."""

_RUN = """
import json, sys
sys.argv = ["peyk", *json.loads(sys.argv[1])]
from bot.cli import main
try:
    main()
finally:
    sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def _imported(*arguments: str, folder: Path, **settings: str) -> tuple[set[str], str]:
    """Run `peyk` in an interpreter of its own. Return the packages that it imported, and its output."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    command = [sys.executable, "-c", _RUN, json.dumps(arguments)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1])), done.stdout


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("articles", "--help"), ("articles", "list", "--help")]
)
def test_help_imports_nothing_slow(arguments: tuple[str, ...], tmp_path: Path) -> None:
    imported, said = _imported(*arguments, folder=tmp_path)
    assert imported & _SLOW == set()
    assert "peyk" in said


def test_the_list_of_articles_imports_nothing_slow(tmp_path: Path, sqlite_url: str) -> None:
    imported, said = _imported("articles", "list", "--json", folder=tmp_path, DATABASE_URL=sqlite_url)
    assert imported & _SLOW == set()
    assert said == "[]\n"


@pytest.mark.parametrize("arguments", [("sources", "list"), ("outbox",), ("audit",), ("pause",), ("migrate",)])
def test_a_command_imports_nothing_of_a_running_peyk(
    arguments: tuple[str, ...], tmp_path: Path, sqlite_url: str
) -> None:
    imported, _ = _imported(*arguments, folder=tmp_path, DATABASE_URL=sqlite_url)
    assert imported & _OF_OTHERS == set()


def test_the_help_of_a_command_is_the_beginning_of_its_own() -> None:
    for lazy in lazy_commands():
        command = lazy.imported()
        assert command.help is not None
        assert lazy.help is not None
        assert command.help.startswith(lazy.help.rstrip(".")), lazy.name


def test_every_command_is_completed_by_its_name(tmp_path: Path) -> None:
    environment = {"_PEYK_COMPLETE": "complete_bash", "COMP_WORDS": "peyk sou", "COMP_CWORD": "1"}
    command = [sys.executable, "-c", "import sys; sys.argv = ['peyk']; from bot.cli import main; main()"]
    paths = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=paths | environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["sources"]
