"""The files in deploy/ and those of containers: what they name exists, and what they promise holds."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.command import LazyCommand, command_line
from bot.config import FORMS, load_settings
from tests import real_programs

_ROOT = Path(__file__).parents[2]
_UNITS = sorted((_ROOT / "deploy" / "systemd").glob("*.service"))
_UNIT_OF_A_ROLE = "peyk@.service"
_HIGHEST_EXPOSURE = 20
"""The highest exposure that `systemd-analyze security` may find, in tenths: below 2.0 of 10."""


def _is_understood(arguments: Sequence[str]) -> bool:
    """Return whether `peyk` takes these arguments; nothing is run."""
    group = command_line()
    command: Any = group.commands[arguments[0]]
    command = command.imported() if isinstance(command, LazyCommand) else command
    command.make_context(arguments[0], list(arguments[1:]))
    return True


def _instructions(file: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions of a Containerfile, each with its text on one line."""
    text = re.sub(r"^#.*\n", "", (_ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


_CONTAINER = list(_instructions("Containerfile"))


def test_the_container_copies_what_there_is_and_every_package() -> None:
    copied = [rest.split()[:-1] for name, rest in _CONTAINER if name == "COPY" and not rest.startswith("--from")]
    sources = [source for sources in copied for source in sources]
    assert all((_ROOT / source).exists() for source in sources)
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= set(sources)
    allowed = re.findall(r"^!(.+)$", (_ROOT / ".containerignore").read_text(), re.MULTILINE)
    assert sorted(allowed) == sorted(sources)
    assert (_ROOT / ".dockerignore").read_text() == (_ROOT / ".containerignore").read_text()


def test_the_container_runs_peyk_without_rights_and_asks_for_its_health() -> None:
    last = {name: rest for name, rest in _CONTAINER if name != "ENV"}
    user, group = last["USER"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    entry = re.findall(r'"([^"]+)"', f"{last['ENTRYPOINT']} {last['CMD']}")
    assert entry[0] == "peyk"
    assert _is_understood(entry[1:])
    probe = re.findall(r'"([^"]+)"', last["HEALTHCHECK"])
    assert probe[0] == "peyk"
    assert _is_understood(probe[1:])
    stages = [name for name, _ in _CONTAINER if name == "FROM"]
    assert len(stages) == 2
    variables = " ".join(rest for name, rest in _CONTAINER if name == "ENV")
    assert load_settings(dict(re.findall(r"(\w+)=(\S+)", variables)), env_file=None).metrics_listen is not None


def test_a_linter_finds_nothing_in_the_containerfile() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is not there: make setup installs it")
    done = subprocess.run([linter, str(_ROOT / "Containerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def _services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((_ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return services


@pytest.mark.parametrize("name", _services())
def test_a_service_of_compose_is_ours_or_named_and_keeps_its_data(name: str) -> None:
    compose = yaml.safe_load((_ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"][name]
    assert service["profiles"] in (["sqlite"], ["postgresql"])
    assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= compose["volumes"].keys()
    assert set(service.get("depends_on", {})) <= compose["services"].keys()
    if name == "postgres":
        return
    assert (_ROOT / service["build"]["dockerfile"]).exists()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    environment = {key: re.sub(r"\$\{[^}]*\}", "x", value) for key, value in service["environment"].items()}
    assert {key.lower() for key in environment} <= FORMS.keys()
    settings = load_settings(environment, env_file=None)
    assert settings.metrics_listen is not None, "the health check of the image asks there"
    assert _is_understood(service.get("command", ["run"]))


def test_compose_asks_for_the_health_that_the_image_does() -> None:
    (asked,) = (rest for name, rest in _CONTAINER if name == "HEALTHCHECK")
    options = dict(re.findall(r"--([a-z-]+)=(\S+)", asked))
    image = {name.replace("-", "_"): int(value) if value.isdigit() else value for name, value in options.items()}
    probe = ["CMD", *re.findall(r'"([^"]+)"', asked)]
    for name, service in _services().items():
        if name != "postgres":
            assert service["healthcheck"] == {"test": probe, **image}


def test_compose_has_a_profile_for_each_database() -> None:
    profiles: dict[str, set[str]] = {}
    for name, service in _services().items():
        profiles.setdefault(service["profiles"][0], set()).add(name)
    assert profiles == {"sqlite": {"peyk"}, "postgresql": {"postgres", "receive", "work"}}


def _options(unit: Path) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
        options.setdefault(key, []).append(value)
    return options


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_peyk_and_waits_for_its_words(unit: Path) -> None:
    options = _options(unit)
    program, *arguments = options["ExecStart"][0].replace("%i", "work").split()
    assert program.endswith("/bin/peyk")
    assert _is_understood(arguments)
    assert options["Type"] == ["notify"]
    assert options["WatchdogSec"]
    assert ("--role" in arguments) is (unit.name == _UNIT_OF_A_ROLE)


def test_the_units_differ_in_their_role_alone() -> None:
    one, role = (_options(_ROOT / "deploy" / "systemd" / name) for name in ("peyk.service", _UNIT_OF_A_ROLE))
    assert {key for key in one | role if one.get(key) != role.get(key)} == {
        "Description",
        "ExecStart",
        "EnvironmentFile",
    }


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_hardened(unit: Path, tmp_path: Path) -> None:
    program = real_programs.path_of("systemd-analyze")
    # An instance of a template is analysed under a name of its own.
    instance = shutil.copy(unit, tmp_path / unit.name.replace("@.", "@work."))
    command = [program, "security", "--offline=yes", f"--threshold={_HIGHEST_EXPOSURE}", instance]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_a_unit_lets_the_process_measure_itself(unit: Path) -> None:
    # Without /proc/stat, prometheus_client tells none of `process_*`.
    assert "ProcSubset" not in _options(unit)


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    program = real_programs.path_of("systemd-analyze")
    instance = tmp_path / unit.name.replace("@.", "@work.")
    installed = unit.read_text(encoding="utf-8").replace("/opt/peyk/bin/peyk", sys.executable)
    instance.write_text(installed, encoding="utf-8")
    done = subprocess.run([program, "verify", instance], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_make_run_installs_what_peyk_needs_to_run_and_nothing_else(tmp_path: Path) -> None:
    def installs(target: str) -> set[str]:
        command = ["make", "--dry-run", f"VENV={tmp_path}/environment", target]
        recipe = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True).stdout
        return set(re.findall(r"-r (\S+\.lock)", recipe))

    assert installs("run") == {"requirements-run.lock"}
    assert installs("test") == {"requirements-run.lock", "requirements.lock"}
