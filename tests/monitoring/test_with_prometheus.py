"""Prometheus' own tools read the rules and the configuration, and each alert fires at its trouble alone."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import real_programs
from tests.monitoring.alert_cases import CASES
from tests.monitoring.rules import RULES, alerts, rules

_GUIDE = Path(__file__).parents[2] / "docs/how-to/monitor.md"


def _promtool(*arguments: str | Path, folder: Path) -> str:
    """Run promtool; return what it says. Fails where promtool finds a fault."""
    command = [real_programs.path_of("promtool"), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_finds_no_fault_in_the_rules(tmp_path: Path) -> None:
    output = _promtool("check", "rules", "--lint=all", "--lint-fatal", RULES, folder=tmp_path)
    assert f"{len(alerts())} rules found" in output


def test_promtool_finds_no_fault_in_the_configuration_of_the_guide(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    lines = re.sub(r"^ {3}", "", block, flags=re.MULTILINE)
    config = yaml.safe_load(lines)
    config["rule_files"] = [str(RULES)]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    assert "SUCCESS: 1 rule files found" in _promtool("check", "config", "prometheus.yml", folder=tmp_path)


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == alerts().keys()


@pytest.mark.parametrize("alert", CASES)
def test_prometheus_fires_an_alert_at_its_trouble_alone(alert: str, tmp_path: Path) -> None:
    case = CASES[alert]
    (rule,) = (rule for rule in rules() if rule["alert"] == alert)
    fired = {"exp_labels": {**rule["labels"], **case.labels}, "exp_annotations": rule["annotations"]}
    tests = [
        _test(alert, case.ill, minutes=case.minutes, expected=[fired]),
        _test(alert, case.well, minutes=case.minutes, expected=[]),
    ]
    written = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    assert "SUCCESS" in _promtool("test", "rules", "test.yaml", folder=tmp_path)


def _test(alert: str, series: Mapping[str, str], *, minutes: int, expected: list[dict[str, Any]]) -> dict[str, Any]:
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    asked = {"eval_time": f"{minutes}m", "alertname": alert, "exp_alerts": expected}
    return {"interval": "1m", "input_series": inputs, "alert_rule_test": [asked]}
