"""Bodies as HTML for other systems: each kind of block has its element."""

from bot.web.article_html import body_html
from storage.records import Block, BlockKind


def test_each_kind_of_block_has_its_element() -> None:
    body = (
        Block(BlockKind.PARAGRAPH, "یک<b>دو</b>\nسه"),
        Block(BlockKind.HEADING, "میان‌تیتر"),
        Block(BlockKind.QUOTE, "نقل"),
        Block(BlockKind.LIST, items=("الف", "ب"), ordered=True),
        Block(BlockKind.TABLE, items=("نام", "شمار", "تهران", "۱"), columns=2, headed=True),
        Block(BlockKind.IMAGE, "شرح", url='https://site.example/a"b.jpg'),
    )
    assert body_html(body).split("\n") == [
        "<p>یک<b>دو</b><br>سه</p>",
        "<h2>میان‌تیتر</h2>",
        "<blockquote>نقل</blockquote>",
        "<ol><li>الف</li><li>ب</li></ol>",
        "<table><tr><th>نام</th><th>شمار</th></tr><tr><td>تهران</td><td>۱</td></tr></table>",
        '<figure><img src="https://site.example/a&quot;b.jpg" alt=""><figcaption>شرح</figcaption></figure>',
    ]
    assert {block.kind for block in body} == set(BlockKind)
