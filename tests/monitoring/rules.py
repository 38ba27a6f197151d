"""The alert rules and the dashboard in deploy/, as the tests read them."""

import json
from pathlib import Path

import yaml

_DEPLOY = Path(__file__).parents[2] / "deploy"


def alerts() -> dict[str, str]:
    """Return the expressions of the alert rules by name."""
    (group,) = yaml.safe_load((_DEPLOY / "prometheus/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]:
        assert rule["labels"]["severity"] in ("critical", "warning"), rule
        assert rule["annotations"].keys() == {"summary", "runbook"}, rule
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def panels() -> list[tuple[str, str]]:
    """Return the title of a panel and an expression that it draws, for each of the dashboard's."""
    board = json.loads((_DEPLOY / "grafana/peyk.json").read_text(encoding="utf-8"))
    return [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel["targets"]]
