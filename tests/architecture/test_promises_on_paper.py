"""The agreement of what is written for people with what the code does."""

import re
from pathlib import Path

import pytest

from bot.config import DEFAULTS, FORMS
from bot.locales.catalog import Catalog
from bot.newsroom.commands import STAFF_JOBS, Commands
from bot.newsroom.source_changes import Question
from handlers import register
from storage.records import DeliveryState, RuleAction

ROOT = Path(__file__).parents[2]
_COMMANDS = Commands.of(register.declared_commands())
_LISTED = (*_COMMANDS.readers, *_COMMANDS.staff)
_KEY = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
_PLACEABLE = re.compile(r"\$([a-z]+)")
_USED = re.compile(
    r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)+|saved|unsaved|noted|cancelled|published|paused|resumed|everything|nothing|collecting|welcome|invitation|subscribed|unsubscribed)["']"""
)
_CALLED = re.compile(r'\b(?:say|ask|html|toast|texts|UserError|NotFoundError|ConflictError)\(\s*"([a-z-]+)"')
# Keys that are put together from a part: button-edit-<field>, role-<role>, command-<name>...
_MADE = (
    "command-",
    "role-",
    "choose-",
    "staff-first-",
    *(f"help-{job}" for job in STAFF_JOBS),
    "button-shelf-",
    "row-",
    "language-",
    "date-",
    "section-",
    "button-edit-",
    "edit-title-ask",
    "edit-lead-ask",
    "edit-body-ask",
    "edit-photo-ask",
    "edit-attach-ask",
    *(f"edit-{field}-ask" for field in ("section", "tags", "link")),
    *(f"button-no-{field}" for field in ("section", "tags", "link")),
    "part-",
    "media-",
    "attached-",
    "lane-",
    "button-shape-",
    *(f"{kind}rule-{action}" for kind in ("", "button-") for action in RuleAction),
    "button-photo-",
    "act-",
    "refusal-",
    "audit-column-",
    *(f"outbox-{state}" for state in DeliveryState),
    *(f"source-change-{question}" for question in Question),
)


def _texts(language: str) -> str:
    return (ROOT / "bot" / "locales" / f"{language}.ftl").read_text()


_LANGUAGES = sorted(path.stem for path in (ROOT / "bot" / "locales").glob("*.ftl"))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_the_same_keys_each_once(language: str) -> None:
    keys = _KEY.findall(_texts(language))
    assert len(keys) == len(set(keys))
    assert keys == _KEY.findall(_texts("fa"))


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    keys = set(_KEY.findall(_texts("fa")))
    code = "\n".join(
        path.read_text() for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py")
    )
    used = set(_USED.findall(code))
    assert set(_CALLED.findall(code)) - {"key"} <= keys
    unused = {key for key in keys - used if not key.startswith(_MADE)}
    assert unused == set()


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_takes_the_same_arguments_but_for_reasons(language: str) -> None:
    def arguments(language: str) -> dict[str, set[str]]:
        arguments_of = {}
        for entry in re.split(r"\n(?=[a-z])", _texts(language)):
            if key := _KEY.match(entry):
                arguments_of[key[1]] = {name.removesuffix("_text") for name in _PLACEABLE.findall(entry)}
        return arguments_of

    fa, other = arguments("fa"), arguments(language)
    differing = {key for key in fa if fa[key] != other[key]}
    # A network's English reason is of no use to a Persian reader.
    assert differing <= {"import-unreadable"}


@pytest.mark.parametrize(("language", "strange"), [("fa", "يكةىإ٠-٩"), ("ar", "یکگچپژۀ۰-۹\u200c")])
def test_a_language_is_written_in_its_own_letters_and_digits(language: str, strange: str) -> None:
    words = re.sub(r"<code>.*?</code>|https?://\S+|^ +\[[0-9]\]", "", _texts(language), flags=re.MULTILINE)
    assert re.findall(rf"^.*[{strange}].*$", words, re.MULTILINE) == []
    assert re.findall(r"^.*[0-9].*$", words, re.MULTILINE) == []
    assert re.findall(r"^.*(?:\.\.\.|\s[?,;]|[\u0600-\u06ff][?,;]).*$", words, re.MULTILINE) == []


def test_every_setting_is_explained_and_nothing_else() -> None:
    explained = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(name.upper() for name in FORMS)


def test_the_examples_values_are_the_defaults() -> None:
    for line in re.findall(r"^([A-Z_]+=.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE):
        name, _, value = line.partition("=")
        default = DEFAULTS[name.lower()]
        if isinstance(default, tuple):
            shown = ",".join(default)
        else:
            shown = str(default).lower() if isinstance(default, bool) else str(default).removesuffix(".0")
        assert value == shown, name


def test_help_lists_exactly_the_commands_that_are_heard() -> None:
    heard = sorted(command.name for command in register.declared_commands())
    assert heard == sorted([*(command.name for command in _LISTED), "start"])
    assert all(command.right is None for command in _COMMANDS.readers)
    assert all(command.right is not None for command in _COMMANDS.staff)
    assert [command.name for command in _COMMANDS.readers if not command.in_groups] == ["cancel"]
    assert not any(command.in_groups for command in _COMMANDS.staff)


def test_every_command_has_its_line_in_every_language() -> None:
    catalog = Catalog.load()
    for command in _LISTED:
        assert catalog.has(command.text_key), command.name
