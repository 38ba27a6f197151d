"""Short commands import nothing that takes longer to import than they do to run."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.lazy_commands import lazy_commands

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
    imported, output = _imported(*arguments, folder=tmp_path)
    assert imported & _SLOW == set()
    assert "peyk" in output


def test_the_list_of_articles_imports_nothing_slow(tmp_path: Path, sqlite_url: str) -> None:
    imported, output = _imported("articles", "list", "--json", folder=tmp_path, DATABASE_URL=sqlite_url)
    assert imported & _SLOW == set()
    assert output == "[]\n"


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


@contextmanager
def _answering(status: int, body: bytes) -> Iterator[str]:
    """Answer every request alike; yield the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.path == "/readyz" else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_health_is_asked_quickly(tmp_path: Path) -> None:
    with _answering(200, b'{"status": "ok"}') as address:
        imported, output = _imported("health", folder=tmp_path, METRICS_LISTEN=address, LISTEN="127.0.0.1:1")
    assert imported & _SLOW == set()
    assert output == "ok\n"


def test_ill_health_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    with _answering(503, b'{"failing": ["database"]}') as address:
        everywhere = address.replace("127.0.0.1", "0.0.0.0")
        with pytest.raises(subprocess.CalledProcessError) as raised:
            _imported("health", folder=tmp_path, LISTEN=everywhere)
    assert f'peyk: {address}: {{"failing": ["database"]}}' in raised.value.stderr
    for settings, reason in (({}, "set METRICS_LISTEN"), ({"LISTEN": "127.0.0.1:1"}, "does not answer")):
        with pytest.raises(subprocess.CalledProcessError) as raised:
            _imported("health", folder=tmp_path, **settings)
        assert reason in raised.value.stderr


@pytest.mark.parametrize(
    ("words", "completed"),
    [("peyk sou", ["sources"]), ("peyk articles se", ["separate"]), ("peyk run --ro", ["--role"])],
)
def test_a_shell_completes_commands_and_options(words: str, completed: list[str], tmp_path: Path) -> None:
    environment = {"_PEYK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    command = [sys.executable, "-c", "import sys; sys.argv = ['peyk']; from bot.cli import main; main()"]
    paths = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=paths | environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_peyk(shell: str, tmp_path: Path) -> None:
    _, script = _imported("completion", shell, folder=tmp_path)
    assert f"_PEYK_COMPLETE=complete_{shell}" in script
