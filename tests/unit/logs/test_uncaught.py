"""Uncaught errors go through the log too: in the process's own end, in threads, finalisers and warnings."""

import json
import subprocess
import sys

import pytest

from bot.logs.folding import MOST

_MARK = "Xq7Lm2Zt9Rw4Vb8N"
_SET_UP = """
import asyncio, gc, logging, sys, threading, warnings
from bot import logs
secret = "Xq7Lm2Zt9Rw4" + "Vb8N"
logs.set_up("DEBUG", {form!r}, [secret])
"""
_TROUBLES = {
    "uncaught": "raise RuntimeError(secret)",
    "thread": "def fail(): raise RuntimeError(secret)\nt = threading.Thread(target=fail); t.start(); t.join()",
    "finaliser": "class A:\n    def __del__(self): raise RuntimeError(secret)\nA()\ngc.collect()",
    "warning": "warnings.warn(secret)",
    "record": "logging.getLogger('x').error('%d', secret)",
    "task": """
async def fail(): raise RuntimeError(secret)
async def run():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
asyncio.run(run())
""",
}


def _said(form: str, code: str) -> str:
    done = subprocess.run([sys.executable, "-c", _SET_UP.format(form=form) + code], capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("trouble", _TROUBLES)
def test_it_is_told_without_secrets(trouble: str, form: str) -> None:
    output = _said(form, _TROUBLES[trouble])
    assert output, "it must be told"
    assert _MARK not in output
    if form == "json" and trouble != "record":
        assert all(json.loads(line) for line in output.splitlines())


def test_what_was_held_back_is_told_at_the_end() -> None:
    output = _said("json", "for number in range(1000): logging.getLogger('x').error('broken %d', number)")
    lines = [json.loads(line) for line in output.splitlines()]
    assert len(lines) == MOST + 1
    assert lines[-1]["repeated"] == 1000 - MOST
