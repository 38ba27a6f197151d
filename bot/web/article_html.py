"""The body of an article as a piece of HTML, for other systems (pure)."""

from collections.abc import Sequence

from bot.render.html import escape
from storage.records import Block, BlockKind


def body_html(body: Sequence[Block]) -> str:
    """Return blocks as HTML; the inline HTML within them is sanitised where it is stored."""
    return "\n".join(_block(block) for block in body)


def _block(block: Block) -> str:
    text = block.html.replace("\n", "<br>")
    match block.kind:
        case BlockKind.PARAGRAPH:
            return f"<p>{text}</p>"
        case BlockKind.HEADING:
            return f"<h2>{text}</h2>"
        case BlockKind.QUOTE:
            return f"<blockquote>{text}</blockquote>"
        case BlockKind.LIST:
            tag = "ol" if block.ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in block.items)}</{tag}>"
        case BlockKind.TABLE:
            return _table(block)
        case BlockKind.IMAGE:
            caption = f"<figcaption>{text}</figcaption>" if text else ""
            return f'<figure><img src="{escape(block.url)}" alt="">{caption}</figure>'


def _table(block: Block) -> str:
    rows = []
    for place, row in enumerate(block.rows):
        tag = "th" if block.headed and place == 0 else "td"
        rows.append(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>")
    return f"<table>{''.join(rows)}</table>"
