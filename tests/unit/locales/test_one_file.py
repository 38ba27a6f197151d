"""A language is one file: one that nobody has heard of is spoken wherever its file lies beside the others."""

import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, FluentSerializer, ast

from bot.config import load_settings
from bot.errors import ConfigError
from bot.locales.catalog import Catalog, Texts
from bot.newsroom.commands import Commands
from bot.newsroom.stats import Daily, Overview, period_of
from bot.render.headline import headline
from bot.render.html import strip_tags
from bot.render.language import language_of
from bot.render.listing import listing
from handlers import register
from handlers.chats import settings_pages
from handlers.chats.callbacks import ChooseLanguage
from handlers.core import menus
from handlers.staff.statistics_view import picture_of_overview
from persian.direction import RLM
from storage import categories
from storage.records import (
    Admission,
    Article,
    Category,
    Chat,
    ChatKind,
    Content,
    Subscription,
    SubscriptionKind,
)
from tests.unit.articles import PUBLISHED
from tests.values import quiet_hours, schedule

_FOLDER = Path(__file__).parents[3] / "bot" / "locales"
_LANGUAGES = {path.stem for path in _FOLDER.glob("*.ftl")}
_TEHRAN = ZoneInfo("Asia/Tehran")
_NOW = 1_766_576_760_000  # 2025-12-24 15:16 in Tehran
_MADE_UP = {
    "language-name": "Tongue",
    "language-direction": "rtl",
    "language-digits": "०१२३४५६७८९",
    "language-thousands": "'",
    "language-calendar": "jalali",
    "date-months": "|".join(f"M{chr(65 + number)}" for number in range(12)),
    "date-months-short": "|".join(f"m{chr(65 + number)}" for number in range(12)),
    "date-weekdays": "|".join(f"W{chr(65 + number)}" for number in range(7)),
    "list-comma": " + ",
    "list-and": " & ",
}
_WORDS = re.compile(r"<[^>]*>|/[a-z]+|[A-Za-z]+")
_CATEGORIES = [Category(number, *names) for number, names in enumerate(categories.SEED, 1)]
_OWN = Category(9, "space", "فضا", "Space")


def _shout(letters: re.Match[str]) -> str:
    return letters[0] if letters[0][0] in "</" else letters[0].upper()


def _shout_all(node: Any) -> None:
    """Put all words of a node into capitals."""
    if isinstance(node, ast.TextElement):
        node.value = _WORDS.sub(_shout, node.value)
    elif isinstance(node, list):
        for inner in node:
            _shout_all(inner)
    elif isinstance(node, ast.BaseNode):
        for name, value in vars(node).items():
            if name not in ("id", "key", "selector"):
                _shout_all(value)


def _made_up(source: str) -> str:
    """Return the English file as one of a language in which everything is said in capitals, from the right."""
    resource = FluentParser().parse(source)
    for message in resource.body:
        if not isinstance(message, ast.Message):
            continue
        if (value := _MADE_UP.get(message.id.name)) is not None:
            quoted = ast.Placeable(ast.StringLiteral(value))
            message.value = ast.Pattern([quoted])
        elif not message.id.name.startswith("words-"):
            _shout_all(message.value)
    return FluentSerializer().serialize(resource)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The languages that there are, and one more."""
    folder = tmp_path_factory.mktemp("locales")
    for path in _FOLDER.glob("*.ftl"):
        shutil.copy(path, folder)
    (folder / "qt.ftl").write_text(_made_up((_FOLDER / "en.ftl").read_text()))
    return Catalog.load(folder)


@pytest.fixture
def texts(catalog: Catalog) -> Texts:
    """The texts of the language that is new."""
    return catalog.bind("qt", _TEHRAN)


def _article(category: Category) -> Article:
    return replace(PUBLISHED, category=category, content=Content("تیتر", lead="لید"), published_at=_NOW)


def test_it_is_known_by_its_code_and_its_own_name(catalog: Catalog) -> None:
    assert set(catalog.languages) == _LANGUAGES | {"qt"}
    assert catalog.names["qt"] == "Tongue"
    assert catalog.names["fa"] == "فارسی"


def test_dates_and_digits(texts: Texts) -> None:
    assert texts.is_rtl
    assert texts.datetime(_NOW) == "WC ३ MJ १४०४, १५:१६"
    assert texts.weekday(_NOW) == "WC ३ MJ १४०४"
    assert texts.short(_NOW) == "३ MJ, १५:१६"
    assert texts.clock(_NOW) == "१५:१६"
    assert texts.day(date(2025, 12, 24)) == "३ MJ १४०४"
    assert texts.day(date(2025, 12, 24), year=False) == "३ mJ"
    assert texts.sortable(_NOW) == "1404/10/03 15:16"
    assert texts.digits("12") == "१२"
    assert texts.numerals.grouped(12_345) == "१२'३४५"
    assert texts("page-of", page=1, pages=12) == f"{RLM}PAGE १ OF १२"


def test_a_headline_and_a_list(texts: Texts) -> None:
    message = headline(_article(_CATEGORIES[5]), texts, "peyk_bot")
    lines = strip_tags(message.html).split("\n")
    assert lines[-3:] == [f"{RLM}\u2068#SPORTS\u2069", "🗓 WC ३ MJ १४०४, १५:१६", f"🔖 {RLM}NEWS NUMBER: २६४८०२"]
    assert message.keyboard[0][0].text == f"{RLM}FULL TEXT"
    assert message.keyboard[0][0].url.endswith("?start=a_264802")
    listed = strip_tags(listing("X", [_article(_CATEGORIES[5])], texts, "peyk_bot").html).split("\n")
    assert listed[-1] == f"{RLM}२६४८०२ · \u2068SPORTS\u2069 · ३ MJ, १५:१६"
    own = strip_tags(listing("X", [_article(_OWN)], texts, "peyk_bot").html)
    assert "२६४८०२ · فضا · " in own


def test_a_picture(texts: Texts) -> None:
    few = tuple(range(7))
    overview = Overview(period_of(7, _NOW, _TEHRAN), Daily(few, few, few, few, few, few), (), ())
    picture = picture_of_overview(overview, texts)
    assert picture.is_rtl
    assert picture.title == f"{RLM}THE LAST ७ DAYS"
    assert picture.facts[0] == ("२१", f"{RLM}ARTICLES PUBLISHED")
    assert picture.numerals.grouped(5_000) == "५'०००"
    assert picture.thousand == "k"


async def test_the_panel(catalog: Catalog, texts: Texts) -> None:
    chat = Chat(
        **dict.fromkeys(Chat.__dataclass_fields__, "")  # type: ignore[arg-type]
        | {
            "id": 7,
            "kind": ChatKind.PRIVATE,
            "admission": Admission.ADMITTED,
            "schedule": schedule("at 08:00,20:00"),
        }
        | {"lost_at": None, "refused_at": None}
        | {
            "quiet": quiet_hours("23:00-07:00"),
            "paused": False,
            "language": "qt",
            "silent": False,
            "plain_text": False,
        }
        | {"timezone": "Asia/Tehran"}
    )
    followed = [
        Subscription(number, 7, 0, SubscriptionKind.CATEGORY, number, "", "", False, None, 0) for number in (1, 6)
    ]

    async def known() -> list[Category]:
        return _CATEGORIES

    async def of(chat_id: int) -> list[Subscription]:
        return followed

    services = SimpleNamespace(
        catalog=catalog,
        subscriptions=SimpleNamespace(categories=known, of=of),
        clock=lambda: _NOW,
        settings=SimpleNamespace(desk_chat_or_owner=None),
    )
    ctx = SimpleNamespace(services=services, texts=texts, user_id=7)
    message = await settings_pages.main_page(cast(Any, ctx), chat)
    text = strip_tags(message.html)
    assert "LANGUAGE: \u2068Tongue\u2069" in text
    assert "\u2068POLITICS\u2069 + \u2068SPORTS\u2069" in text
    assert "०८:०० & २०:००" in text
    assert "२३:०० TO ०७:००" in text
    assert "Tehran" in text, "where nobody has translated the city"
    assert "१५:१६" in text
    buttons = {button.text: button.data for row in message.keyboard for button in row}
    assert buttons["✅ Tongue"] == "set:7:lang:qt"
    assert buttons["العربية"] == "set:7:lang:ar"


@pytest.mark.parametrize("code", ["qt", "ckb", "pt-br", "zh-hans"])
def test_the_button_of_any_code_is_heard(code: str) -> None:
    kinds = [route.kind for router in register.ROUTERS for route in router.callbacks]
    heard = [kind for kind in kinds if kind.unpack(f"set:-1001234567890:lang:{code}") is not None]
    assert heard == [ChooseLanguage]
    assert not any(kind.unpack(f"set:7:lang:{code.upper()}") for kind in kinds)


@pytest.mark.parametrize(
    ("client", "language"),
    [("qt", "qt"), ("qt-AA", "qt"), ("ar-EG", "ar"), ("en-GB", "en"), ("fa-IR", "fa"), ("de", "fa"), ("", "fa")],
)
def test_a_persons_telegram_chooses_it(catalog: Catalog, client: str, language: str) -> None:
    assert language_of(None, "fa", catalog.languages, client) == language
    assert language_of(None, "fa", (*catalog.languages, "ar-eg"), "ar-EG") == "ar-eg"


@dataclass
class _Gateway:
    calls: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, params: dict[str, Any]) -> None:
        self.calls.append(params)


async def test_its_menus_are_set(catalog: Catalog) -> None:
    gateway = _Gateway()
    settings = SimpleNamespace(default_language="fa", zone=_TEHRAN)
    commands = Commands.of(register.declared_commands())
    services = SimpleNamespace(catalog=catalog, settings=settings, gateway=gateway, commands=commands)
    await menus.set_menus(cast(Any, services))
    descriptions = {
        (call["scope"]["type"], call["language_code"]): call["commands"][0]["description"] for call in gateway.calls
    }
    assert descriptions["all_private_chats", "qt"] == f"{RLM}LATEST NEWS"
    assert descriptions["all_group_chats", "ar"] == "آخر الأخبار"
    assert descriptions["all_private_chats", None] == "تازه‌ترین خبرها"
    whispered = {
        (call["scope"]["type"], command["command"])
        for call in gateway.calls
        for command in call["commands"]
        if command.get("is_ephemeral")
    }
    assert whispered == {("all_group_chats", name) for name in ("latest", "category", "search")}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ar", ("رياضة", "علوم وتكنولوجيا")),
        ("ar", ("#رياضه", "علوم و تكنولوجيا")),
        ("en", ("sports", "Science")),
        ("fa", ("ورزشی", "علم‌وفناوری")),
        ("qt", ("SPORTS", "science")),
    ],
)
def test_categories_are_named_in_it(catalog: Catalog, language: str, names: tuple[str, str]) -> None:
    called = catalog.bind(language, _TEHRAN).sections
    matched = [categories.match(_CATEGORIES, name, called) for name in names]
    assert [category.slug for category in matched if category] == ["sports", "science"]
    assert set(called) == {category.slug for category in _CATEGORIES}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("language-direction = up", "language-direction: one of ltr, rtl is expected"),
        ("language-calendar = mayan", "language-calendar: one of gregorian, jalali is expected"),
        ("language-digits = 12", "language-digits: the ten digits from nought to nine are expected"),
        ("language-countries = America", "language-countries: names and codes such as Britain=GB"),
        ("date-weekdays = a|b", "date-weekdays: 7 names with | between them are expected"),
        ("not a text", "'not a text' is no text"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, line: str, told: str) -> None:
    source = (_FOLDER / "en.ftl").read_text()
    key = line.split(" = ")[0]
    source = re.sub(rf"^{key} = .*\n", "", source, flags=re.MULTILINE)
    (tmp_path / "qt.ftl").write_text(source + f"\n{line}\n")
    with pytest.raises(ConfigError, match=re.escape(f"qt.ftl: {told}")):
        Catalog.load(tmp_path)


def test_a_file_without_its_languages_name_or_with_a_strange_one_is_told(tmp_path: Path) -> None:
    source = (_FOLDER / "en.ftl").read_text()
    (tmp_path / "qt.ftl").write_text(source.replace("language-name = English\n", ""))
    with pytest.raises(ConfigError, match=r"qt.ftl: 'language-name' is missing"):
        Catalog.load(tmp_path)
    (tmp_path / "qt.ftl").rename(tmp_path / "Klingon.ftl")
    with pytest.raises(ConfigError, match="a language's code"):
        Catalog.load(tmp_path)


def test_a_default_language_without_a_file_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=f"DEFAULT_LANGUAGE: one of {', '.join(sorted(_LANGUAGES))} is expected"):
        load_settings({"DEFAULT_LANGUAGE": "de"}, None)
    assert load_settings({"DEFAULT_LANGUAGE": "ar"}, None).default_language == "ar"
