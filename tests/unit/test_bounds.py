"""Foreign text is bounded before it is read: too long a request is refused, too long a body is cut."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bot.audience.subscription_request import requests_among, requests_in
from bot.bounds import FILE_TEXT, MOST_ENTITIES, MOST_PARTS, REQUEST, TYPED_TEXT
from bot.errors import UserError
from bot.ingest.page.handed_in import HandedIn, ReadingRefusal, read_file, read_text
from bot.ingest.parsing.text_reader import TextReader
from bot.newsroom.bodies import bounded
from bot.newsroom.formatting import Entity, FormattedText, StoredText
from bot.newsroom.limits import BODY_LIMIT, BODY_LINES, BODY_TAGS
from bot.newsroom.paragraphs import blocks_of
from bot.newsroom.post_parser import checked, join_parts, with_more
from bot.render.html import strip_tags
from storage.records import Block, BlockKind, Category

_ZONE = ZoneInfo("Asia/Tehran")
_KNOWN = [Category(1, "politics", "سیاسی", "Politics"), Category(7, "science", "علم و فناوری", "Science")]


@pytest.mark.parametrize("text", ["سیاسی " * 700, "#a " * 1400, "ع " * 2000, "«" * 4000], ids=len)
def test_too_long_a_request_is_refused_before_it_is_read(text: str) -> None:
    reads: list[Callable[[], object]] = [lambda: requests_in(text, _KNOWN), lambda: requests_among(text, ())]
    for read in reads:
        with pytest.raises(UserError) as refused:
            read()
        assert (refused.value.key, refused.value.text_args["most"]) == ("text-too-long", REQUEST.most)


def test_the_longest_name_wins_however_its_letters_stand_apart() -> None:
    assert [request.category_id for request in requests_in("علم و فناوری، سیاسی ع ل م و فناوری", _KNOWN)] == [7, 1]


def test_parts_of_a_text_are_refused_where_they_are_too_many_or_too_long() -> None:
    with pytest.raises(UserError, match="post-too-many-parts"):
        with_more(["a"] * MOST_PARTS, FormattedText("a"))
    long: list[StoredText] = [
        FormattedText("a" * 4096, FormattedText.of("a", [("bold", 0, 1, "")]).marks).to_json()
    ]
    with pytest.raises(UserError, match="post-body-too-long"):
        with_more(long * (TYPED_TEXT.most // 4096), FormattedText("a" * 4096))
    assert with_more(["a"], FormattedText("b")) == ("a", "b")


def test_marks_of_one_kind_that_overlap_become_one() -> None:
    entities: list[Entity] = [("bold", at, 90, "") for at in range(100)]
    assert FormattedText.of("a" * 200, entities).html() == f"<b>{'a' * 189}</b>{'a' * 11}"


def test_no_line_bears_more_marks_than_there_are_kinds() -> None:
    kinds = ("bold", "italic", "underline", "strikethrough", "code", "text_link", "blockquote")
    entities = [(kinds[at % 7], at % 50, 4000, "https://example.org/") for at in range(MOST_ENTITIES)]
    whole = join_parts([FormattedText.of(f"{'a' * 19}\n" * 204, entities)] * 24)
    assert max(len(line.marks) for line in whole.lines()) <= len(kinds)
    # Thousands of short lines are refused before anything is made of them.
    with pytest.raises(UserError, match="post-too-many-lines"):
        join_parts([FormattedText.of("ab\n" * 1365, entities)] * 24).lines()
    assert [line.text for line in FormattedText("a" + " \n" * 60_000 + " b ").lines() if line.text] == ["a", "b"]


def test_what_a_text_of_too_many_lines_is_told() -> None:
    with pytest.raises(UserError, match="post-too-many-lines"):
        checked(_KNOWN[0], "عنوان", "", [FormattedText("a")] * (BODY_LINES + 1))


def test_a_body_loses_surplus_lines_and_formatting_but_no_text() -> None:
    *lines, last = bounded(Block(BlockKind.PARAGRAPH, "<b>a</b>") for _ in range(2 * BODY_LINES))
    assert len(lines) == BODY_LINES
    assert last.html == " ".join("a" * BODY_LINES)
    points = (Block(BlockKind.LIST, items=("a",) * BODY_LINES), Block(BlockKind.PARAGRAPH, "b"))
    assert bounded(points) == points
    more = Block(BlockKind.LIST, items=("a",) * (BODY_LINES + 2))
    assert bounded((more, points[1])) == (points[0], Block(BlockKind.PARAGRAPH, "a a b"))
    verse = Block(BlockKind.PARAGRAPH, "a\n" * (BODY_LINES + 1))
    assert "\n" not in bounded((verse,))[0].html
    formatted = Block(BlockKind.PARAGRAPH, "<b>a&lt;</b>b" * (BODY_TAGS + 1))
    few = Block(BlockKind.PARAGRAPH, "<b>a</b>")
    assert bounded((formatted, few)) == (Block(BlockKind.PARAGRAPH, "a&lt;b" * (BODY_TAGS + 1)), few)
    assert strip_tags(bounded((formatted,))[0].html) == strip_tags(formatted.html)


def test_a_body_is_cut_at_its_last_character_and_not_at_a_block() -> None:
    (kept,) = bounded(
        [Block(BlockKind.PARAGRAPH, "a" * (BODY_LIMIT - 3) + "&amp;" * 9), Block(BlockKind.PARAGRAPH, "b")]
    )
    assert kept.html == "a" * (BODY_LIMIT - 3)
    kept, last = bounded(
        [Block(BlockKind.PARAGRAPH, "a" * (BODY_LIMIT - 3)), Block(BlockKind.QUOTE, "<b>bcdef</b>")]
    )
    assert last == Block(BlockKind.QUOTE, "bcd")


def test_a_list_of_many_points_is_one_block() -> None:
    blocks = blocks_of(
        [FormattedText("- a")] * 2 + [FormattedText("متن")] + [FormattedText("1. a"), FormattedText("2. b")]
    )
    assert [block.kind for block in blocks] == [BlockKind.LIST, BlockKind.PARAGRAPH, BlockKind.LIST]


def test_a_file_is_a_page_an_article_or_refused() -> None:
    assert read_file(b"<html><p>a</p></html>", _ZONE) == HandedIn()
    refused = ReadingRefusal("import-text-too-long", (("most", FILE_TEXT.most), ("length", FILE_TEXT.most + 1)))
    assert read_text("a" * (FILE_TEXT.most + 1), _ZONE) == HandedIn(refusal=refused)


async def test_a_text_that_cannot_be_read_in_time_is_refused_and_the_next_is_read() -> None:
    reader = TextReader(_ZONE, seconds=0.000_001)
    try:
        with pytest.raises(UserError, match="import-unreadable"):
            await reader.file("شناسه خبر : 1\n".encode() * 50_000)
    finally:
        await reader.close()
    reader = TextReader(_ZONE)
    try:
        with pytest.raises(UserError, match="pasted-not-a-page"):
            await reader.file("متن".encode())
        assert await reader.file(b"<html>") is None
        with pytest.raises(UserError, match="import-text-too-long"):
            await reader.text("a" * (FILE_TEXT.most + 1))
    finally:
        await reader.close()
