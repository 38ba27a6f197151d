"""The pages in docs/reference list exactly the settings, commands and command-line parameters of the code."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest

from bot.config import FORMS
from bot.setting_forms import Number, WordChoice
from handlers import register
from website import reference

_ROOT = Path(__file__).parents[2]
_REFERENCE = _ROOT / "docs" / "reference"
_LANGUAGES = sorted(path.stem for path in (_ROOT / "bot" / "locales").glob("*.ftl"))

Row = Sequence[str]
"""The cells of one row of a table, without backticks in the first one."""


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows of every table, headings and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line, following in pairwise([*lines, ""]):
        if not line.startswith("|---") and not following.startswith("|---"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            yield [cells[0].replace("`", "").replace("\\|", "|"), *cells[1:]]


def _parts(name: str, level: str = "##") -> dict[str, str]:
    """Return the text under each heading of a reference page, by the heading without backticks."""
    text = (_REFERENCE / name).read_text(encoding="utf-8")
    pieces = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return {title.replace("`", ""): body for title, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _described_settings() -> dict[str, Row]:
    rows = list(_rows((_REFERENCE / "settings.md").read_text(encoding="utf-8")))
    assert len({row[0] for row in rows}) == len(rows), "a setting is described twice"
    return {row[0].lower(): row for row in rows}


def test_the_reference_lists_exactly_the_settings() -> None:
    assert sorted(_described_settings()) == sorted(FORMS)


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_has_what_the_code_declares(name: str) -> None:
    page = (_REFERENCE / name).read_text(encoding="utf-8")
    assert page == reference.PAGES[name](page), "run `make reference`"


def test_what_the_code_declares_is_written_into_a_page_that_has_it_wrong() -> None:
    page = (_REFERENCE / "cli.md").read_text(encoding="utf-8")
    section = "## `peyk outbox drop`" + page.split("## `peyk outbox drop`")[1].split("\n## ")[0] + "\n"
    written = reference.command_line_page(
        page.replace(section, "").replace("| `--limit` | `20` |", "| `--most` | `9` |")
    )
    assert "| `--most` |" not in written
    assert "## `peyk outbox drop`\n\nDrop a pending, refused or uncertain delivery.\n\n| Parameter |" in written
    settings = reference.settings_page("| `LEDGER_DAYS` | `1` | days | Text. |")
    assert settings == "| `LEDGER_DAYS` | `90` | days | Text. |"
    commands = reference.commands_page("| `/pause` | editor | Text. |")
    assert commands == "| `/pause` | owner | Text. |"


@pytest.mark.parametrize("name", FORMS)
def test_a_setting_is_described_with_its_values(name: str) -> None:
    _, _, values, meaning = _described_settings()[name]
    form = FORMS[name]
    choices = form.words if isinstance(form, WordChoice) else ()
    if name == "default_language":
        choices = tuple(_LANGUAGES)
    assert all(f"`{choice}`" in values for choice in choices)
    for limit in (form.ge, form.gt, form.le) if isinstance(form, Number) else ():
        assert limit is None or re.search(rf"(?<![\d.]){re.escape(str(limit))}(?![\d.])", values), values
    assert meaning.endswith(".")


@pytest.mark.parametrize("name", FORMS)
def test_a_settings_default_is_the_one_of_the_example_file(name: str) -> None:
    example = (_ROOT / ".env.example").read_text(encoding="utf-8")
    line = re.search(rf"^{name.upper()}=(.*)$", example, re.MULTILINE)
    assert line is not None
    assert (f"`{line[1]}`" if line[1] else reference.NOT_SET) == reference.default_of_setting(name)


def _commands_of(wing: str) -> list[Row]:
    return [row for row in _rows(_parts("commands.md")[wing]) if row[0].startswith("/")]


def _name_of(row: Row) -> str:
    return row[0].split()[0].removeprefix("/")


def test_the_reference_lists_exactly_the_readers_commands() -> None:
    names = [_name_of(row) for row in _commands_of("Readers")]
    assert sorted(names) == sorted(
        command.name for command in register.declared_commands() if command.right is None
    )


def test_the_reference_lists_exactly_the_staff_commands_with_their_roles() -> None:
    described = [(_name_of(row), row[1]) for row in _commands_of("Staff")]
    assert sorted(described) == sorted(reference.roles_by_command().items())


_COMMANDS = reference.cli_commands()


def test_the_reference_lists_exactly_the_commands_of_the_command_line() -> None:
    assert sorted(_parts("cli.md")) == sorted(_COMMANDS)


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_command_is_described_with_the_choices_of_its_parameters(name: str) -> None:
    described = {row[0]: row for row in _rows(_parts("cli.md")[name])}
    parameters = dict(reference.parameters_of(_COMMANDS[name]))
    assert list(described) == list(parameters)
    for parameter, declared in parameters.items():
        choices = type(declared.default) if isinstance(declared.default, StrEnum) else ()
        words = " ".join(described[parameter])
        assert all(f"`{choice}`" in words for choice in choices), parameter


def test_every_button_that_the_tutorial_names_exists() -> None:
    tutorial = (_ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    labels = re.findall(r"\*\*«(.+?)»\*\*", tutorial)
    texts = (_ROOT / "bot" / "locales" / "fa.ftl").read_text(encoding="utf-8")
    known = set(re.findall(r"^[a-z-]+ = (.+)$", texts, re.MULTILINE))
    assert labels
    assert [label for label in labels if label not in known] == []
