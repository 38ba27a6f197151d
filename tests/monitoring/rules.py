"""The alert rules and the dashboard in deploy/, as the tests read them."""

import json
from pathlib import Path
from typing import Any

import yaml

_DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = _DEPLOY / "prometheus" / "alerts.yaml"
"""The file of the alert rules."""


def rules() -> list[dict[str, Any]]:
    """Return the alert rules as they are written."""
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    rules_read: list[dict[str, Any]] = group["rules"]
    return rules_read


def alerts() -> dict[str, str]:
    """Return the expressions of the alert rules by name."""
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning"), rule
        assert rule["annotations"].keys() == {"summary", "runbook"}, rule
    return {rule["alert"]: rule["expr"] for rule in rules()}


def panels() -> list[tuple[str, str]]:
    """Return the title of a panel and an expression that it draws, for each of the dashboard's."""
    board = json.loads((_DEPLOY / "grafana/peyk.json").read_text(encoding="utf-8"))
    return [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel["targets"]]
