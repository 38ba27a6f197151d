"""Tables: written by editors, found on pages, shown in rich messages and on pages of HTML, and copied."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.markup.blocks import html_blocks
from bot.locales.catalog import Catalog
from bot.newsroom.bodies import bounded
from bot.newsroom.copy_editing import corrected_content
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import BODY_LINES
from bot.newsroom.paragraphs import blocks_of
from bot.render.article import paged_text, rich_text
from bot.render.current_text import body_to_copy, is_formatted
from bot.telegram.encoding import rich_of
from sandbox.rich import check_rich
from storage.records import Article, Block, BlockKind, Content
from tests.unit.articles import PUBLISHED

_TEXTS = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))
_TABLE = Block(BlockKind.TABLE, items=("تیم", "امتیاز", "سپاهان", "۳۲", "ملوان", ""), columns=2, headed=True)


def _written(text: str) -> tuple[Block, ...]:
    return blocks_of([line for line in FormattedText(text).lines() if line.text])


def _article(*body: Block) -> Article:
    return replace(PUBLISHED, content=Content("تیتر", body=body))


@pytest.mark.parametrize(
    "text",
    [
        "تیم | امتیاز\n---|---\nسپاهان | ۳۲\nملوان | –",
        "| تیم | امتیاز |\n| --- | :---: |\n| سپاهان | ۳۲ |\n| ملوان | – |",
    ],
)
def test_lines_with_strokes_are_a_table(text: str) -> None:
    (table,) = _written(text)
    assert table == replace(_TABLE, items=(*_TABLE.items[:5], "–"))
    assert table.rows == (("تیم", "امتیاز"), ("سپاهان", "۳۲"), ("ملوان", "–"))


def test_an_empty_cell_is_one_too_and_other_lines_are_no_rows() -> None:
    above, table, *below = _written("پیش از جدول.\n| الف | ب | |\n| ج | | د |\nیک | دو\nسه|چهار")
    assert (above.kind, table.rows) == (BlockKind.PARAGRAPH, (("الف", "ب", ""), ("ج", "", "د")))
    assert not table.headed
    assert {block.kind for block in below} == {BlockKind.PARAGRAPH}


@pytest.mark.parametrize("block", [_TABLE, replace(_TABLE, headed=False)])
def test_what_is_copied_reads_back_as_the_same_table(block: Block) -> None:
    filled = replace(block, items=(*block.items[:5], "۳۰"))
    (markup,) = body_to_copy((filled,))
    assert is_formatted((filled,)) == filled.headed
    copied = FormattedText.of_html(markup.removeprefix("<pre>").removesuffix("</pre>"))
    assert blocks_of([line for line in copied.lines() if line.text]) == (filled,)


def test_a_table_is_a_table_in_a_rich_message_and_lines_on_a_page() -> None:
    article = _article(_TABLE)
    (message,) = rich_text(article, _TEXTS)
    head, row = "<tr><th>تیم</th><th>امتیاز</th></tr>", "<tr><td>سپاهان</td><td>۳۲</td></tr>"
    assert f"<table bordered striped>{head}{row}<tr><td>ملوان</td><td></td></tr></table>" in message.rich_html
    check_rich(rich_of(message))
    (page,) = paged_text(article, _TEXTS)
    lines = page.html.replace("\u200f", "").split("\n")
    assert [line for line in lines if " | " in line] == ["<b>تیم</b> | <b>امتیاز</b>", "سپاهان | ۳۲", "ملوان | –"]


def test_a_long_table_goes_on_in_further_ones_under_the_same_names() -> None:
    items = ("شهر", "دما", *(cell for n in range(400) for cell in (f"شهر {n}", str(n))))
    messages = rich_text(_article(Block(BlockKind.TABLE, items=items, columns=2, headed=True)), _TEXTS)
    html = "".join(message.rich_html for message in messages)
    for message in messages:
        check_rich(rich_of(message))
    assert len(messages) > 1
    assert html.count("<th>شهر</th>") == html.count("<table") > len(messages)
    assert [n for n in range(400) if f"<td>شهر {n}</td><td>{n}</td>" not in html] == []


def test_a_table_keeps_whole_rows_within_the_limits_of_a_body() -> None:
    rows = BODY_LINES // 3 + 5
    table = Block(BlockKind.TABLE, items=tuple(f"{n}" for n in range(3 * rows)), columns=3)
    first, rest = bounded([table])
    assert len(first.items) % 3 == 0
    assert len(first.items) <= BODY_LINES
    assert rest.html.split()[0] == str(len(first.items))


def test_cells_are_corrected_like_any_text() -> None:
    content = corrected_content(Content("تیتر", body=(replace(_TABLE, items=("كتاب ها", "می شود")),)))
    assert content.body[0].items == ("کتاب‌ها", "می‌شود")


_PAGE = (
    "<p>بند.</p><table class='t'><thead><tr><th>تیم</th><th>امتیاز</th></tr></thead><tbody>"
    "<tr><td><p><b>سپاهان</b></p></td><td>۳۲</td></tr><tr><td>ملوان<br>انزلی</td><td></td></tr></tbody></table><p>پایان.</p>"
)


def test_a_table_of_data_on_a_page_is_a_table() -> None:
    above, table, below = html_blocks(_PAGE, "https://example.org/")
    assert (above.html, below.html) == ("بند.", "پایان.")
    assert table.rows == (("تیم", "امتیاز"), ("<b>سپاهان</b>", "۳۲"), ("ملوان انزلی", ""))
    assert table.headed


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>سکه</td><td>۳۲</td></tr></table>",
        "<table><tr><td>سکه</td></tr><tr><td>۳۲</td></tr></table>",
        _PAGE.replace("<td>۳۲", "<td colspan='2'>۳۲"),
        _PAGE.replace("۳۲", "۳۲<img src='/a.jpg'>"),
        _PAGE.replace("۳۲", "<ul><li>۳۲</li></ul>"),
        _PAGE.replace("۳۲", "۳۲ متن بلند " * 40),
        _PAGE.replace("۳۲", "<table><tr><td>۳۲</td></tr></table>"),
    ],
)
def test_a_table_of_layout_is_what_stands_in_it(markup: str) -> None:
    blocks = html_blocks(markup, "https://example.org/")
    assert BlockKind.TABLE not in {block.kind for block in blocks}
    assert "۳۲" in " ".join(part for block in blocks for part in (block.html, *block.items))


def test_a_table_with_a_part_that_is_left_out_keeps_its_words() -> None:
    markup = _PAGE.replace("<td>۳۲</td>", "<td class='share-buttons'>۳۲</td>")
    words = [
        block.html for block in html_blocks(markup, "https://example.org/") if block.kind is not BlockKind.TABLE
    ]
    assert "سپاهان" in " ".join(words)
