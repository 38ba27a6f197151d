"""The functions over foreign text, found by their types, and values for what else they take."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from bot.ingest.raw_document import RawDocument
from persian.copy_edit.editor import HouseStyle
from persian.copy_edit.edits import TextEdit
from persian.query import PieceKind, Query
from storage.records import Category, Media, RequestPart, RuleAction, SourceKind
from tests.growth.patterns import modules

PURE = (
    "persian.",
    "bot.audience.subscription_request",
    "bot.ingest.identity.addresses",
    "bot.ingest.parsing.evidence",
    "bot.ingest.feed.",
    "bot.ingest.markup.",
    "bot.ingest.sources.opml",
    "bot.ingest.page.",
    "bot.ingest.parsing.reading",
    "bot.ingest.identity.source_ids",
    "bot.ingest.identity.telegram_posts",
    "bot.ingest.identity.tracking_parameters",
    "bot.ingest.identity.decision",
    "bot.logs",
    "bot.newsroom.article_edits",
    "bot.newsroom.body_paragraphs",
    "bot.newsroom.comment_rules",
    "bot.newsroom.post_parser",
    "bot.newsroom.formatting",
    "bot.newsroom.paragraphs",
    "bot.newsroom.scheduling",
    "bot.newsroom.related",
    "bot.newsroom.story_signature",
    "bot.newsroom.tags",
    "bot.newsroom.word_replacement",
    "bot.render.current_text",
    "bot.render.difference",
    "bot.render.html",
    "bot.render.signature",
    "bot.render.rich",
    "bot.render.snippet",
    "bot.render.pagination",
    "handlers.staff.statistics",
    "storage.fts_query",
    "storage.categories",
    "storage.post_style",
    "storage.search_texts",
    "bot.bounded_json",
    "bot.ingest.discovery.robots",
    "bot.ingest.routing.",
    "bot.locales.zones",
    "bot.ingest.sources.websub",
    "bot.newsroom.tip_rules",
    "bot.telegram.answer",
    "bot.telegram.errors",
    "bot.updates.update_facts",
    "handlers.staff.source_offers",
    "bot.ingest.fetch.failure",
    "bot.ingest.fetch.http_headers",
    "bot.ingest.fetch.request_settings",
    "bot.newsroom.copy_editing",
    "bot.newsroom.house_words",
)
"""Modules, and packages with a dot behind them, whose functions read foreign text."""

_ADDRESS = "https://example.org/a"


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


_BY_NAME: dict[str, Any] = {
    "url": _ADDRESS,
    "base": _ADDRESS,
    "final_url": _ADDRESS,
    "feed_url": _ADDRESS,
    "site_url": _ADDRESS,
    "source_url": _ADDRESS,
    "content_type": "",
    "limit": 100,
    "room": 100,
    "units": 100,
    "depth": 3,
    "year": 2026,
    "now": 1_700_000_000_000,
    "published_at": None,
    "rtl": True,
    "today": date(2026, 1, 5),
}
_BY_TYPE: dict[Any, Any] = {
    ZoneInfo: ZoneInfo("Asia/Tehran"),
    date: date(2026, 1, 5),
    PieceKind: PieceKind.PHRASE,
    SourceKind | None: None,
    Query: Query(words=(("ا", "b"),), phrases=(("a", "b"),)),
    Sequence[Category]: [Category(1, "politics", "سیاسی", "Politics")],
    list[Category]: [Category(1, "politics", "سیاسی", "Politics")],
    Mapping[str, str]: {},
    Collection[str]: (),
    HouseStyle: HouseStyle((("اتاق", "اطاق"),), ("می شود",)),
    Iterable[TextEdit]: (),
    Mapping[str, Mapping[str, str]]: {"fa": {}, "en": {}},
    RequestPart: RequestPart.HEADER,
    RuleAction: RuleAction.TAG,
    Sequence[Media]: (),
    Sequence[tuple[int, int]]: (),
}
_FORMS: dict[Any, Callable[[str], object]] = {
    str: lambda text: text,
    bytes: _as_bytes,
    RawDocument: lambda text: RawDocument(_as_bytes(text), "", _ADDRESS),
}
"""The types in which functions take a foreign text, and how it is given to them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A function of one foreign text; `call` gives it that, and fixed values for the rest."""

    name: str
    call: Callable[[str], object]


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the pure modules that takes a text, bytes or a document, by its full name."""
    for module in modules():
        if not any(
            module.__name__ == prefix or (prefix.endswith(".") and module.__name__.startswith(prefix))
            for prefix in PURE
        ):
            continue
        for name, function in vars(module).items():
            if name.startswith("_") or not _is_own(function, module):
                continue
            kinds = get_type_hints(function)
            if any(kinds.get(parameter) in _FORMS for parameter in inspect.signature(function).parameters):
                yield f"{module.__name__}.{name}", function


def reader_of(name: str, function: Callable[..., Any]) -> Reader | None:
    """Return the function with values for all but its texts; None where one is not known."""
    kinds = get_type_hints(function)
    texts: dict[str, Callable[[str], object]] = {}
    fixed: dict[str, Any] = {}
    variadic = ""
    for parameter in inspect.signature(function).parameters.values():
        kind = kinds.get(parameter.name)
        if parameter.kind is parameter.VAR_POSITIONAL:
            variadic = parameter.name if kind is str else ""
        elif parameter.name in _BY_NAME:
            fixed[parameter.name] = _BY_NAME[parameter.name]
        elif kind in _FORMS:
            texts[parameter.name] = _FORMS[kind]
        elif parameter.default is parameter.empty:
            if kind not in _BY_TYPE:
                return None
            fixed[parameter.name] = _BY_TYPE[kind]
    if variadic and not texts:
        return Reader(name, lambda text: _drained(function(text, **fixed)))
    if not texts:
        # All that it takes is an address: that is its text.
        texts = {argument: _FORMS[str] for argument in fixed if kinds.get(argument) is str}
        fixed = {argument: value for argument, value in fixed.items() if argument not in texts}

    def call(text: str) -> object:
        given = {argument: as_given(text) for argument, as_given in texts.items()}
        return _drained(function(**given, **fixed))

    return Reader(name, call)


def _drained(returned: Any) -> object:
    return list(returned) if isinstance(returned, Iterator) else returned


def _is_own(function: Any, module: ModuleType) -> bool:
    return (
        inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not inspect.iscoroutinefunction(function)
    )
