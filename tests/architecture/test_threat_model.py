"""The tests that the threat model names are there."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = _NAMED.findall((_ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8"))
    missing = [
        (path, name)
        for path, name in named
        if not (_ROOT / path).exists() or f"def {name}" not in (_ROOT / path).read_text(encoding="utf-8")
    ]
    assert len(named) > 40
    assert missing == []
