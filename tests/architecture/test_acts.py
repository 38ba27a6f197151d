"""Every action of the audit has a text in each language, no text is left over, and something records each."""

import re
from pathlib import Path

import pytest

from storage.audit_details import AuditAction

ROOT = Path(__file__).parents[2]
_KEY = re.compile(r"^act-([a-z-]+) =", re.MULTILINE)
_RECORDED = re.compile(r"\bAuditAction\.([A-Z_]+)\b")


@pytest.mark.parametrize("language", ["fa", "en", "ar"])
def test_actions_and_texts_are_the_same(language: str) -> None:
    texts = (ROOT / "bot" / "locales" / f"{language}.ftl").read_text()
    assert sorted(_KEY.findall(texts)) == sorted(action.replace("_", "-") for action in AuditAction)


def test_every_action_is_recorded_somewhere() -> None:
    used = {
        name
        for folder in ("bot", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "audit_details.py"
        for name in _RECORDED.findall(path.read_text())
    }
    assert used == {action.name for action in AuditAction}
