"""Pages that show no article themselves: their scripts would, from a state in the page."""

import json
from typing import Any

import pytest

from bot.ingest.page.rich_text import RichText
from tests.unit.ingest.page.whole_pages import (
    AUTHOR,
    DATE,
    HEADED,
    HEADED_TEXTS,
    HEADING,
    LEAD,
    OTHERS,
    SENTENCES,
    STAMP,
    TITLE,
    date_of,
    read,
    texts,
)

_EMPTY = "<div id='app'><div class='skeleton'>در حال بارگذاری…</div></div>"
_RECORD = {
    "id": 55123,
    "title": TITLE,
    "lead": LEAD,
    "body": HEADED,
    "publishedAt": STAMP,
    "author": {"name": AUTHOR},
}
_OTHER = {"title": OTHERS[0], "body": f"<p>{SENTENCES[2]}</p>" * 9, "publishedAt": "2026-01-01T00:00:00Z"}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _streamed(*rows: str) -> str:
    """The rows of React's stream as Next.js pushes them, cut anywhere."""
    stream = "".join(rows)
    pieces = [stream[at : at + 333] for at in range(0, len(stream), 333)]
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)


def _called(record: dict[str, Any]) -> str:
    """The state of Nuxt 2, whose texts are arguments of a call."""
    names = "abcdefgh"[: len(record)]
    fields = ",".join(f"{key}:{name}" for key, name in zip(record, names, strict=True))
    values = ",".join(map(_json, record.values()))
    other = f"{{title:{_json(OTHERS[0])},body:{_json(SENTENCES[2] * 9)}}}"
    written = f'(function({",".join(names)}){{return {{layout:"default",data:[{{latest:[{other}],news:{{{fields}}}}}]}}}}({values}))'
    return f"<script>window.__NUXT__={written};</script>"


def _text_row(name: str, text: str) -> str:
    return f"{name}:T{len(text.encode()):x},{text}"


_NUXT = [
    ["ShallowReactive", 1],
    {"data": 2},
    {"news": 3},
    {"id": 4, "title": 5, "lead": 6, "body": 7, "published_at": 8, "author": 9},
    55123,
    TITLE,
    LEAD,
    HEADED,
    STAMP,
    {"name": 10},
    AUTHOR,
]
_ARC = {
    "headlines": {"basic": TITLE},
    "subheadlines": {"basic": LEAD},
    "first_publish_date": STAMP,
    "credits": {"by": [{"name": AUTHOR}]},
    "content_elements": [
        {"type": "text", "content": SENTENCES[0]},
        {"type": "interstitial_link", "content": OTHERS[0], "url": "https://paper.example/1"},
        {"type": "text", "content": SENTENCES[1]},
        {"type": "header", "level": 2, "content": HEADING},
        {"type": "text", "content": SENTENCES[3]},
    ],
}


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(
            _streamed(
                '1:HL["/a.css","style"]\n',
                f'5:["$","main",null,{_json({"article": _RECORD, "related": [_OTHER]})}]\n',
            ),
            id="React's stream",
        ),
        pytest.param(
            _streamed(
                _text_row("a", _OTHER["body"]),
                _text_row("9", HEADED),
                f'5:["$","div",null,{_json({"items": [{**_OTHER, "body": "$a"}], "post": {**_RECORD, "body": "$9"}})}]\n',
            ),
            id="texts in rows of their own",
        ),
        pytest.param(f'<script type="application/json" id="__NUXT_DATA__">{_json(_NUXT)}</script>', id="Nuxt 3"),
        pytest.param(
            f'<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={_json(_ARC)};Fusion.contextPath="";</script>',
            id="Arc XP",
        ),
        pytest.param(
            f"<script>window.__REDUX_STATE__ = {_json({'feed': [_OTHER], 'article': _RECORD})};var a=1</script>",
            id="assigned",
        ),
        pytest.param(
            '<script>window["__RQ_R_35b_"] = window["__RQ_R_35b_"] || [];'
            f'window["__RQ_R_35b_"].push({_json({"queries": [{"state": {"latest": [_OTHER], "detail": _RECORD}}]})})</script>',
            id="pushed",
        ),
        pytest.param(
            f"<script>window.__INITIAL_DATA__ = JSON.parse({json.dumps(_json(_RECORD))});</script>",
            id="parsed by a script",
        ),
        pytest.param(
            f'<script type="application/json" data-sveltekit-fetched>{_json({"status": 200, "body": _json({"post": _RECORD})})}</script>',
            id="an answer within the state",
        ),
        pytest.param(_called(_RECORD), id="Nuxt 2, called"),
        pytest.param(
            _called({**_RECORD, "title": f"{TITLE} | خبرگزاری نمونه‌خبر"}), id="Nuxt 2, with the site's name"
        ),
        pytest.param(
            f"<script>window.__remixContext = {_json({'state': {'post': _RECORD}})};</script>", id="Remix"
        ),
        pytest.param(
            f'<script id="serverApp-state" type="application/json">{_json({"b": _RECORD}).replace(chr(34), "&q;")}</script>',
            id="an older Angular",
        ),
        pytest.param(
            f'<script id="ng-state" type="application/json">{_json({"1234": {"b": {"list": [_OTHER], "item": _RECORD}}})}</script>',
            id="Angular",
        ),
    ],
)
def test_the_article_is_read_from_the_state(state: str) -> None:
    page = read(_EMPTY + state)
    assert (page.title, page.lead, page.byline, date_of(page)) == (TITLE, LEAD, AUTHOR, DATE)
    assert texts(page) == HEADED_TEXTS


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(
            {
                "blocks": [
                    {"type": "paragraph", "data": {"text": SENTENCES[0]}},
                    {"type": "header", "data": {"text": HEADING, "level": 2}},
                    {
                        "type": "image",
                        "data": {"file": {"url": "https://paper.example/i/dam.jpg"}, "caption": "سد شمالی"},
                    },
                    {"type": "list", "data": {"style": "unordered", "items": ["یک", "دو"]}},
                    {"type": "quote", "data": {"text": SENTENCES[1], "caption": ""}},
                ]
            },
            id="Editor.js",
        ),
        pytest.param(
            [
                {
                    "_type": "block",
                    "style": "normal",
                    "children": [{"_type": "span", "text": SENTENCES[0], "marks": []}],
                },
                {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": HEADING}]},
                {"_type": "image", "asset": {"url": "https://paper.example/i/dam.jpg"}, "caption": "سد شمالی"},
                {"_type": "block", "listItem": "bullet", "children": [{"_type": "span", "text": "یک"}]},
                {"_type": "block", "listItem": "bullet", "children": [{"_type": "span", "text": "دو"}]},
                {"_type": "block", "style": "blockquote", "children": [{"_type": "span", "text": SENTENCES[1]}]},
            ],
            id="Portable Text",
        ),
        pytest.param(
            {
                "type": "doc",
                "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": SENTENCES[0]}]},
                    {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": HEADING}]},
                    {"type": "image", "attrs": {"src": "https://paper.example/i/dam.jpg", "caption": "سد شمالی"}},
                    {
                        "type": "bulletList",
                        "content": [
                            {
                                "type": "listItem",
                                "content": [{"type": "paragraph", "content": [{"type": "text", "text": word}]}],
                            }
                            for word in ("یک", "دو")
                        ],
                    },
                    {
                        "type": "blockquote",
                        "content": [{"type": "paragraph", "content": [{"type": "text", "text": SENTENCES[1]}]}],
                    },
                ],
            },
            id="ProseMirror",
        ),
        pytest.param(
            {
                "nodeType": "document",
                "content": [
                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": SENTENCES[0]}]},
                    {"nodeType": "heading-2", "content": [{"nodeType": "text", "value": HEADING}]},
                    {
                        "nodeType": "embedded-asset-image",
                        "data": {"file": {"url": "https://paper.example/i/dam.jpg"}, "description": "سد شمالی"},
                    },
                    {
                        "nodeType": "unordered-list",
                        "content": [
                            {
                                "nodeType": "list-item",
                                "content": [
                                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": word}]}
                                ],
                            }
                            for word in ("یک", "دو")
                        ],
                    },
                    {
                        "nodeType": "blockquote",
                        "content": [
                            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": SENTENCES[1]}]}
                        ],
                    },
                ],
            },
            id="Contentful",
        ),
        pytest.param(
            [
                {"name": "core/paragraph", "attributes": {"content": SENTENCES[0]}},
                {"name": "core/heading", "attributes": {"content": HEADING, "level": 2}},
                {
                    "name": "core/image",
                    "attributes": {"url": "https://paper.example/i/dam.jpg", "caption": "سد شمالی"},
                },
                {"name": "core/list", "attributes": {"content": "<li>یک</li><li>دو</li>"}},
                {"name": "core/quote", "attributes": {"value": f"<p>{SENTENCES[1]}</p>"}},
            ],
            id="Gutenberg",
        ),
    ],
)
def test_the_trees_of_editors_are_read(tree: Any) -> None:
    state = {"props": {"pageProps": {"news": {"title": TITLE, "body": tree}}}}
    page = read(f'{_EMPTY}<script id="__NEXT_DATA__" type="application/json">{_json(state)}</script>')
    shown = [text for text in texts(page) if text not in ("یک", "دو")]
    assert shown in (
        [SENTENCES[0], f"# {HEADING}", "[dam.jpg] سد شمالی", "یک | دو", f"> {SENTENCES[1]}"],
        [SENTENCES[0], f"# {HEADING}", "[dam.jpg] سد شمالی", f"> {SENTENCES[1]}"],
    )


def test_what_an_editor_stores_is_bounded() -> None:
    nested: Any = "متن"
    for _ in range(500):
        nested = {"type": "paragraph", "content": [nested]}
    assert RichText().markup(nested) == ""
    wide = {"type": "doc", "content": [{"type": "paragraph", "text": "متن"}] * 1000}
    assert RichText(nodes=100).markup(wide).count("متن") <= 100


@pytest.mark.parametrize("state", ["", "<script>window.__APP_STATE__ = {broken</script>", _streamed("5:[broken\n")])
def test_a_page_without_an_article_has_none(state: str) -> None:
    with pytest.raises(Exception, match="no text of an article"):
        read(_EMPTY + state)


@pytest.mark.parametrize("name", ["comments", "latestComments", "Comment:17", "replies", "discussion"])
def test_what_readers_of_a_site_write_is_no_article_whatever_they_call_themselves(name: str) -> None:
    lie = {"name": TITLE, "title": TITLE, "text": "دروغی بلند که خواننده‌ای نوشته است. " * 60}
    said = {"nodes": [lie], "edges": [{"node": lie}]} if ":" not in name else lie
    state = _json({"article": _RECORD | {name: said}, name: said})
    page = read(f"<script>window.__INITIAL_STATE__ = {state}</script>" + _EMPTY)
    assert texts(page) == HEADED_TEXTS


def test_of_several_articles_none_of_which_bears_the_title_none_is_taken() -> None:
    one, other = ({"title": OTHERS[at], "body": f"<p>{SENTENCES[at]}</p>" * 3} for at in (0, 1))
    with pytest.raises(Exception, match="no text of an article"):
        read(f"{_EMPTY}<script type='application/json'>{_json({'list': [one, other]})}</script>")
    page = read(f"{_EMPTY}<script type='application/json'>{_json({'cache': [one], 'again': one})}</script>")
    assert texts(page) == [SENTENCES[0]] * 3


def test_headlines_beside_an_article_that_is_left_to_scripts_are_not_its_text() -> None:
    beside = "".join(
        f"<div class='t1'><span>{hour}:16</span> {other}</div>" for hour in range(12, 17) for other in OTHERS
    )
    page = read(f"<h1>{TITLE}</h1><div id='app'>{beside}</div>{_called(_RECORD)}")
    assert texts(page) == HEADED_TEXTS
