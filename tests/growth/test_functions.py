"""No function over foreign text is worse than n log n, whatever the text."""

from json import JSONDecodeError

import pytest

from bot.audience.subscription_request import requests_among, requests_in
from bot.bounds import MOST_ENTITIES, RULE_QUERY
from bot.errors import PeykError
from bot.ingest.page.stamps import with_offset
from bot.ingest.routing.rules import is_hit
from bot.newsroom.body_paragraphs import with_paragraph
from bot.newsroom.formatting import Entity, FormattedText
from bot.newsroom.paragraphs import blocks_of
from bot.newsroom.post_parser import join_parts, parse_post
from bot.newsroom.tip_rules import draft_of, text_of
from bot.newsroom.word_replacement import replace_words, replacement_in
from bot.render.difference import changed_lines, differing_lines, lines_of
from bot.render.rich import rich_parts
from bot.telegram.answer import ForeignAnswerError
from persian.index_terms import index_text
from persian.matching import terms_of
from storage.records import Block, BlockKind, Category, Content, Tip, TipState
from storage.search_texts import texts_of
from tests.growth.functions import Reader, functions, reader_of
from tests.growth.measure import steepest
from tests.growth.texts import HOSTILE

MESSAGE, FILE = 4_096, 65_536
_LARGEST = 8_192
_SIZES = {
    "bot.ingest.markup.charset.decode": FILE,
    "bot.ingest.sources.opml.read_opml": FILE,
    "bot.ingest.page.pasted_text.parse_pasted": FILE,
    "bot.ingest.page.article_page.parse_page": FILE,
    "bot.ingest.feed.feed.parse_feed": 16_384,
    "persian.query.parse_query": MESSAGE,
    "persian.query.pieces": MESSAGE,
    "persian.query.without": MESSAGE,
    "persian.query.corrected": MESSAGE,
}
"""The length of the texts that reach a function, where that is not `_LARGEST`."""

_OF_A_PAGE = "a step of parse_page, on a page that is parsed already"
_OF_A_FEED = "a step of parse_feed, on an entry that is parsed already"
_OF_A_POST = "its texts are tried as they reach it, below"
CALLED_OTHERWISE = {
    "bot.audience.subscription_request.requests_among": _OF_A_POST,
    "bot.ingest.feed.channel.links_of": _OF_A_FEED,
    "bot.ingest.feed.entry_links.article_link": _OF_A_FEED,
    "bot.ingest.feed.entry_media.entry_media": _OF_A_FEED,
    "bot.ingest.feed.entry_pictures.entry_gallery": _OF_A_FEED,
    "bot.ingest.feed.entry_pictures.entry_pictures": _OF_A_FEED,
    "bot.ingest.feed.entry_text.title_from": _OF_A_FEED,
    "bot.ingest.feed.entry_text.without_title": _OF_A_FEED,
    "bot.ingest.feed.raw_fields.text_field": _OF_A_FEED,
    "bot.ingest.fetch.request_settings.settings_with": "takes what `parse_part` returned",
    "bot.ingest.identity.decision.identifying": "a step of read_feed, on the signals of its items",
    "bot.ingest.markup.blocks.placed_blocks": _OF_A_PAGE,
    "bot.ingest.markup.blocks.to_blocks": _OF_A_PAGE,
    "bot.ingest.markup.dom.attribute": _OF_A_PAGE,
    "bot.ingest.markup.dom.meta": _OF_A_PAGE,
    "bot.ingest.markup.media.media_in": _OF_A_PAGE,
    "bot.ingest.markup.media.medium_of": "takes a few short texts of a page or feed, each bounded",
    "bot.ingest.markup.pictures.picture_of": _OF_A_PAGE,
    "bot.ingest.markup.pictures.repeats_lazy": _OF_A_PAGE,
    "bot.ingest.markup.signature.without_signature": "a step of parse_page and of parse_feed",
    "bot.ingest.page.body.find_body": _OF_A_PAGE,
    "bot.ingest.page.byline.byline_of": _OF_A_PAGE,
    "bot.ingest.page.document.base_of": _OF_A_PAGE,
    "bot.ingest.page.embedded_json.state_body": _OF_A_PAGE,
    "bot.ingest.page.headings.elements_around": _OF_A_PAGE,
    "bot.ingest.page.labels.labelled": _OF_A_PAGE,
    "bot.ingest.page.lead.with_lead": _OF_A_PAGE,
    "bot.ingest.page.page_evidence.places_of": "a step of explain, on texts of a page that is parsed already",
    "bot.ingest.page.pasted_title.sections_of": "a step of parse_pasted",
    "bot.ingest.page.publication_date.find_date": _OF_A_PAGE,
    "bot.ingest.page.sections.sections_of": _OF_A_PAGE,
    "bot.ingest.page.photo.lead_picture": _OF_A_PAGE,
    "bot.ingest.page.photo.named_pictures": _OF_A_PAGE,
    "bot.ingest.page.state_article.state_article": "a step of parse_page, on a state that is read already",
    "bot.ingest.page.trust.doubt_of": "compares short texts with title_agreement, which is tried",
    "bot.ingest.page.stamps.with_offset": "is tried on a text and the same again, below",
    "bot.ingest.parsing.reading.read_page": "parse_page, and what it found beside what is known",
    "bot.ingest.routing.rules.is_equal": "compares what parse_query returned",
    "bot.ingest.routing.rules.is_hit": _OF_A_POST,
    "bot.newsroom.article_edits.edited": "hands each part to `checked` or `checked_tags`",
    "bot.newsroom.body_paragraphs.with_paragraph": _OF_A_POST,
    "bot.newsroom.comment_rules.check_pace": "takes times, and the key of a text",
    "bot.newsroom.post_parser.checked": _OF_A_POST,
    "bot.newsroom.post_parser.content_of": "takes a post that is read already",
    "bot.newsroom.tip_rules.draft_of": _OF_A_POST,
    "bot.newsroom.word_replacement.replace_words": _OF_A_POST,
    "bot.newsroom.word_replacement.replacement_in": _OF_A_POST,
    "bot.render.difference.in_short": _OF_A_POST,
    "persian.copy_edit.certain.digit_edits": "a step of proposals, on the tokens of its text",
    "persian.copy_edit.tokens.tokens_between": "a step of scanned",
}
"""Functions over text that are called with more than a text, and what tries them instead."""

_CATEGORY = Category(1, "politics", "سیاسی", "Politics")
_KINDS = ("bold", "italic", "text_link", "blockquote", "code")


def _marked(text: str) -> FormattedText:
    """Return a text in parts of one message each, with as many marks as Telegram tells of."""
    step = max(1, MESSAGE // MOST_ENTITIES)
    entities: list[Entity] = [
        (_KINDS[at % len(_KINDS)], at * step // 2, 2 * step, "https://example.org/") for at in range(MOST_ENTITIES)
    ]
    return join_parts([FormattedText.of(text[at : at + MESSAGE], entities) for at in range(0, len(text), MESSAGE)])


def _content(text: str) -> Content:
    lines = tuple(Block(BlockKind.PARAGRAPH, line) for line in text.split("\n"))
    return Content("عنوان", text[:300], (*lines, Block(BlockKind.LIST, items=tuple(text.split()))))


def _differ(text: str) -> object:
    old, new = lines_of(_content(text).body), lines_of(_content(f"{text}\nb {text}").body)
    return changed_lines(old, new), differing_lines(old, new)


def _replace_marked(text: str) -> object:
    marked = FormattedText.of_html(_marked(text).html())
    return marked.replaced([(at, at + 1) for at in range(0, len(marked.text) - 1, 3)], "واژه").html()


_MORE = (
    Reader("requests_in", lambda text: requests_in(text[:1_000], [_CATEGORY])),
    Reader("requests_among", lambda text: requests_among(text[:1_000], ())),
    Reader("a text with marks", lambda text: [line.html() for line in _marked(text).lines()]),
    Reader("a marked text as a whole", lambda text: _marked(text).html()),
    Reader(
        "blocks of a text with marks", lambda text: blocks_of([line for line in _marked(text).lines() if line.text])
    ),
    Reader("a post", lambda text: parse_post(_marked(f"سیاسی\nعنوان\n{text}"), [_CATEGORY], {})),
    Reader("a rich message", lambda text: rich_parts(_content(text), [text[:100]])),
    Reader("a difference", _differ),
    Reader("words replaced", lambda text: replace_words(_content(text), text[:2], "واژه")),
    Reader("marked words replaced", _replace_marked),
    Reader("a replacement", lambda text: replacement_in(f"به‌جای {text}", ["به‌جای"], ["بنویس", "with"])),
    Reader(
        "a paragraph",
        lambda text: with_paragraph(_content(text).body, 0, text.split("\n")[0], _marked(text)),
    ),
    Reader("a rule", lambda text: is_hit(text[: RULE_QUERY.most], terms_of(*index_text(text)), 1, [_CATEGORY])),
    Reader(
        "a tip",
        lambda text: draft_of(Tip(1, 1, "", text_of([text, text]), (), TipState.WAITING, None, 0, None, None), ""),
    ),
    Reader("a stamp", lambda text: with_offset(text, [text])),
    Reader("words for the index", lambda text: texts_of(_content(text))),
)
"""Functions that are tried by another one, or are called with more than a text."""

_FOUND = dict(functions())
_READERS = [
    *(reader for name, function in _FOUND.items() if (reader := reader_of(name, function)) is not None),
    *_MORE,
]


@pytest.mark.parametrize("reader", _READERS, ids=lambda reader: reader.name)
def test_the_work_of_a_function_grows_no_faster_than_its_text(reader: Reader) -> None:
    def work(text: str) -> object:
        try:
            return reader.call(text)
        except (PeykError, JSONDecodeError, ForeignAnswerError):
            return None

    largest = _SIZES.get(reader.name, _LARGEST)
    grown = ((name, steepest(work, make, largest)) for name, make in HOSTILE.items())
    slow = [f"{reader.name} on {name}: {line}" for name, line in grown if line]
    assert not slow, "\n".join(slow)


def test_no_function_over_text_is_left_out() -> None:
    assert {
        name for name, function in _FOUND.items() if reader_of(name, function) is None
    } == CALLED_OTHERWISE.keys()
    assert _SIZES.keys() <= _FOUND.keys()


def test_growth_is_found_where_there_is_some() -> None:
    def square(text: str) -> int:
        # In steps of the interpreter: what C code does in bulk is told from noise at far larger sizes alone.
        return sum(1 for at in text for other in text[::16] if at == other)

    assert steepest(square, HOSTILE["letters"], _LARGEST)
    assert not steepest(sorted, HOSTILE["hashtags"], FILE)
