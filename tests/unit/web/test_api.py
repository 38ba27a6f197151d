"""The HTTP API over real HTTP and a real database: rights, repeats, bounds, the audit and the description."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import islice, pairwise
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import update

from bot.clock import now_ms
from bot.config import load_settings
from bot.errors import ConfigError
from bot.ingest.fetch.turns import Ticket
from bot.ingest.parsing.parser import Parser
from bot.locales.catalog import Catalog
from bot.newsroom.article_lists import ArticleLists
from bot.newsroom.articles import Newsroom
from bot.newsroom.names import name_of
from bot.newsroom.submissions import Submissions
from bot.web import ApiServices, Quota, api_routes, feed_routes, serve
from bot.web.api import quota, routes
from bot.web.api.article_view import view_of
from bot.web.api.messages import ArticleListing, ArticleView, ErrorView
from storage import audit, fanouts, reviews
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import Article, Block, BlockKind
from storage.schema import article as article_table
from storage.schema import revision
from tests import postgres
from tests.unit.web.conftest import free_port

_EDITOR, _AUTHOR = "e" * 32, "a" * 32
_TOKENS = f"wordpress:editor:{_EDITOR},desk-tool:author:{_AUTHOR}"
_NEW = {"title": "تیتر تازه", "category": "politics", "lead": "لید.", "body": "بند یک.\nبند دو.", "tags": ["نفت"]}


class Door:
    """A running server of the API; `database` is its own."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database
        self.published = 0

    async def ask(
        self, method: str, path: str, *, token: str = _EDITOR, key: str = "", body: Any = None, **headers: str
    ) -> httpx.Response:
        """Send a request as a client and return the answer."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        sent |= ({"Idempotency-Key": key} if key else {}) | headers
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            return await client.request(method, self.url + path, headers=sent, content=content)

    async def create(self, key: str = "k", **fields: Any) -> dict[str, Any]:
        """Create an article as the editor and return it."""
        made = await self.ask("POST", "/api/articles", key=key, body=_NEW | fields)
        assert made.status_code == 201, made.text
        created: dict[str, Any] = made.json()
        return created

    async def acts(self, article_id: int) -> list[tuple[str, str]]:
        """Return the acts on an article, the first one first: who, and what."""
        async with self.database.read() as connection:
            entries = await audit.all_(connection, limit=20, article_id=article_id)
            names = await audit.names(connection, {entry.actor_id for entry in entries})
        return [(names[entry.actor_id], str(entry.action)) for entry in reversed(entries)]


Opening = Callable[..., AbstractAsyncContextManager[Door]]


@pytest.fixture
def opening(sqlite_url: str) -> Opening:
    """Start a server with other settings than the usual ones."""
    return _opening(sqlite_url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def on_either(
    request: pytest.FixtureRequest, sqlite_url: str, postgres_socket: str
) -> AsyncIterator[Opening]:
    """Start a server on either database."""
    if request.param == "sqlite":
        yield _opening(sqlite_url)
        return
    async with postgres.database(postgres_socket) as url:
        yield _opening(url)


def _opening(url: str) -> Opening:
    @asynccontextmanager
    async def start(**more: str) -> AsyncIterator[Door]:
        async with opened(url) as database:
            port = free_port()
            door = Door(f"http://127.0.0.1:{port}", database)
            given = {
                "LISTEN": f"127.0.0.1:{port}",
                "DATABASE_URL": url,
                "API_TOKENS": _TOKENS,
                "FEEDS": "true",
            }
            settings = load_settings(given | more, env_file=None)

            def wake() -> None:
                door.published += 1

            required, parser = settings.review_required, Parser(processes=1)
            services = ApiServices(
                Newsroom(database, now_ms, wake, review_required=required),
                Submissions(database, now_ms, wake, review_required=required),
                ArticleLists(database),
                parser,
                Quota(database, now_ms),
            )
            public = {
                **api_routes(settings, services, Catalog.load()),
                **feed_routes(services.lists, now_ms, bot_username="peyk_bot", language="fa"),
            }
            async with serve(settings, database, now_ms, public=public, checks={}, files=4096):
                yield door
            await parser.close()

    return start


@pytest.fixture
async def door(opening: Opening) -> AsyncIterator[Door]:
    async with opening() as running:
        yield running


async def test_an_article_is_created_published_corrected_and_retracted(door: Door) -> None:
    draft = await door.create()
    assert (draft["state"], draft["revision"], draft["published_at"]) == ("draft", 1, None)
    assert draft["body_html"] == "<p>بند یک.</p>\n<p>بند دو.</p>"
    path = f"/api/articles/{draft['id']}"

    published = (await door.ask("POST", path, body={"action": "publish"})).json()
    assert published["state"] == "published"
    assert door.published == 1
    correction = {"action": "correct", "revision": 1, "title": "تیتر درست", "note": "نام شهر"}
    corrected = (await door.ask("POST", path, body=correction)).json()
    assert (corrected["title"], corrected["lead"], corrected["revision"]) == ("تیتر درست", "لید.", 2)
    stale = await door.ask("POST", path, body=correction)
    assert (stale.status_code, stale.json()["error"]) == (409, "article-changed-meanwhile")
    retracted = (await door.ask("POST", path, body={"action": "retract", "reason": "نادرست"})).json()
    assert retracted["state"] == "retracted"

    assert await door.acts(draft["id"]) == [
        ("API wordpress", act) for act in ("draft", "publish", "correct", "retract")
    ]
    async with door.database.read() as connection:
        assert await fanouts.pushed(connection, [draft["id"]]) == {draft["id"]}


async def test_a_repeat_creates_nothing_and_a_key_serves_one_request(door: Door) -> None:
    first = await door.create("key-1", action="publish")
    again = await door.ask("POST", "/api/articles", key="key-1", body=_NEW | {"action": "publish"})
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert door.published == 1
    other = await door.ask("POST", "/api/articles", key="key-1", body=_NEW)
    assert (other.status_code, other.json()["error"]) == (409, "api-key-reused")
    # Another client's keys are its own.
    theirs = await door.ask("POST", "/api/articles", token=_AUTHOR, key="key-1", body=_NEW)
    assert theirs.status_code == 201
    missing = await door.ask("POST", "/api/articles", body=_NEW)
    assert (missing.status_code, missing.json()["error"]) == (400, "key-missing")


async def test_what_goes_to_the_intake_waits_there_for_an_editor(door: Door) -> None:
    made = await door.create(action="intake")
    assert made["state"] == "review"
    async with door.database.read() as connection:
        (waiting,) = await reviews.waiting(connection, gate=True, limit=5)
    assert waiting.article_id == made["id"]
    assert await door.acts(made["id"]) == [("API wordpress", "draft"), ("API wordpress", "submit")]


async def test_an_author_writes_drafts_and_sees_no_others(door: Door) -> None:
    theirs = await door.create()
    refused = await door.ask("POST", "/api/articles", token=_AUTHOR, key="k", body=_NEW | {"action": "publish"})
    assert (refused.status_code, refused.json()["error"]) == (403, "not-allowed")
    own = (await door.ask("POST", "/api/articles", token=_AUTHOR, key="k", body=_NEW)).json()
    path = f"/api/articles/{own['id']}"
    changed = await door.ask("POST", path, token=_AUTHOR, body={"action": "correct", "revision": 1, "lead": "دیگر"})
    assert changed.json()["lead"] == "دیگر"
    for body in ({"action": "publish"}, {"action": "retract", "reason": "x"}):
        assert (await door.ask("POST", path, token=_AUTHOR, body=body)).status_code == 403
    for method in ("GET", "POST"):
        act = {"action": "publish"} if method == "POST" else None
        hidden = await door.ask(method, f"/api/articles/{theirs['id']}", token=_AUTHOR, body=act)
        assert hidden.status_code == 404
    listed = (await door.ask("GET", "/api/articles?state=unpublished", token=_AUTHOR)).json()["articles"]
    assert [article["id"] for article in listed] == [own["id"]]
    listed = (await door.ask("GET", "/api/articles?state=unpublished")).json()["articles"]
    assert {article["id"] for article in listed} == {own["id"], theirs["id"]}
    await door.ask("POST", path, body={"action": "publish"})
    late = await door.ask("POST", path, token=_AUTHOR, body={"action": "correct", "revision": 2, "lead": "باز"})
    assert late.status_code == 403


async def test_where_a_second_person_has_to_publish_a_client_publishes_nothing_of_its_own(opening: Opening) -> None:
    async with opening(REVIEW_REQUIRED="true") as door:
        refused = await door.ask("POST", "/api/articles", key="k", body=_NEW | {"action": "publish"})
        assert (refused.status_code, refused.json()["error"]) == (409, "review-second-pair")
        assert (await door.ask("GET", "/api/articles?state=unpublished")).json()["articles"] == []
        await door.create("k")


async def test_html_is_cleaned(door: Door) -> None:
    markup = '<p>متن <b>پررنگ</b><script>alert(1)</script> <a href="javascript:x">پیوند</a></p><h2>میان‌تیتر</h2>'
    markup += "<p>انتهای پیام</p>"
    made = await door.create(body="", body_html=markup)
    assert "<b>پررنگ</b>" in made["body_html"]
    # A newsroom's own text is not cut as a foreign one is.
    assert made["body_html"].endswith("<h2>میان‌تیتر</h2>\n<p>انتهای پیام</p>")
    assert "script" not in made["body_html"]
    both = await door.ask("POST", "/api/articles", key="k2", body=_NEW | {"body_html": markup})
    assert (both.status_code, both.json()["error"]) == (422, "api-two-bodies")


async def test_lists_are_read_page_by_page(door: Door) -> None:
    made = [await door.create(f"k{number}", action="publish", title=f"تیتر {number}") for number in range(5)]
    seen: list[int] = []
    path = "/api/articles?limit=2&category=politics"
    while True:
        page = (await door.ask("GET", path)).json()
        seen += [article["id"] for article in page["articles"]]
        if page["next"] is None:
            break
        path = f"/api/articles?limit=2&category=politics&before={page['next']}"
    assert seen == [article["id"] for article in reversed(made)]
    assert (await door.ask("GET", "/api/articles?category=sports")).json()["articles"] == []
    drafts = [await door.create(f"d{number}") for number in range(3)]
    first = (await door.ask("GET", "/api/articles?state=unpublished&limit=2")).json()
    rest = (await door.ask("GET", f"/api/articles?state=unpublished&limit=2&before={first['next']}")).json()
    seen_ids = [article["id"] for page in (first, rest) for article in page["articles"]]
    assert sorted(seen_ids) == sorted(draft["id"] for draft in drafts)


async def _listed(door: Door, query: str, *, token: str = _EDITOR, after: str = "") -> list[int]:
    """Return the numbers of all articles of a list, read page by page, or of those `after` a page's `next`."""
    seen: list[int] = []
    before = f"&before={after}" if after else ""
    while True:
        page = await door.ask("GET", f"/api/articles?{query}{before}", token=token)
        assert page.status_code == 200, page.text
        seen += [article["id"] for article in page.json()["articles"]]
        if page.json()["next"] is None:
            return seen
        before = f"&before={page.json()['next']}"


async def test_each_filter_of_a_list_counts_beside_every_other(on_either: Opening) -> None:
    async with on_either() as door:
        made: dict[tuple[str, str, str], list[int]] = {}
        for number in range(2):
            for token in (_EDITOR, _AUTHOR):
                for category in ("politics", "sports"):
                    new = _NEW | {"category": category}
                    answer = await door.ask(
                        "POST", "/api/articles", token=token, key=f"d{category}{number}", body=new
                    )
                    made.setdefault((token, "unpublished", category), []).insert(0, answer.json()["id"])
            for category in ("politics", "sports"):
                article = await door.create(f"p{category}{number}", action="publish", category=category)
                made.setdefault((_EDITOR, "published", category), []).insert(0, article["id"])
        for (token, state, category), numbers in made.items():
            for query in (f"state={state}&category={category}", f"category={category}&state={state}&limit=1"):
                listed = await _listed(door, query, token=token)
                if (token, state) == (_EDITOR, "unpublished"):
                    assert sorted(listed) == sorted(numbers + made[_AUTHOR, state, category]), query
                else:
                    assert listed == numbers, query
        unpublished = [
            number for (_, state, _), numbers in made.items() for number in numbers if state != "published"
        ]
        assert sorted(await _listed(door, "state=unpublished&limit=3")) == sorted(unpublished)
        assert await _listed(door, "state=unpublished&category=economy") == []
        for query in (
            "categories=sports",
            "category=sports&category=politics",
            "limit=many",
            "limit=",
            "before=1-2",
        ):
            refused = await door.ask("GET", f"/api/articles?{query}")
            expected = 200 if query == "limit=" else 400
            assert refused.status_code == expected, query
        assert (await door.ask("GET", "/api/articles?state=unpublished&before=3")).status_code == 400


async def test_a_list_that_changes_while_it_is_read_leaves_nothing_out(door: Door) -> None:
    made = [(await door.create(f"k{number}"))["id"] for number in range(6)]
    first = (await door.ask("GET", "/api/articles?state=unpublished&limit=2")).json()
    for article in first["articles"]:
        assert (await door.ask("POST", f"/api/articles/{article['id']}", body={"action": "publish"})).is_success
    rest = await _listed(door, "state=unpublished&limit=2", after=first["next"])
    assert {*rest, *(article["id"] for article in first["articles"])} == {*made}


async def test_drafts_of_one_moment_are_each_listed_once(door: Door) -> None:
    made = [(await door.create(f"k{number}"))["id"] for number in range(5)]
    async with door.database.write() as tx:
        await tx.execute(update(article_table).values(updated_at=now_ms()))
    for limit in (1, 2, 5):
        assert await _listed(door, f"state=unpublished&limit={limit}") == made[::-1], limit


async def test_a_list_of_long_articles_leaves_others_their_turn(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        await door.create(f"k{number}", action="publish")
    told: list[str] = []

    def shown(article: Article) -> ArticleView:
        told.append("article")
        return view_of(article)

    async def another() -> None:
        while True:
            told.append("another")
            await asyncio.sleep(0)

    monkeypatch.setattr(routes, "view_of", shown)
    turns = asyncio.create_task(another())
    assert len(await _listed(door, "limit=6")) == 6
    turns.cancel()
    assert told.count("article") == 6
    assert ("article", "article") not in set(pairwise(told))


async def test_a_body_of_endless_lines_is_refused(door: Door) -> None:
    refused = await door.ask("POST", "/api/articles", key="k", body=_NEW | {"body": "\n" * 300_000 + "متن"})
    assert (refused.status_code, refused.json()["error"]) == (422, "post-too-many-lines")


async def test_a_malformed_article_ends_no_list(door: Door) -> None:
    for state, action in (("published", "publish"), ("unpublished", "draft")):
        made = [(await door.create(f"{state}{number}", action=action))["id"] for number in range(5)]
        async with door.database.write() as tx:
            spoilt = update(revision).where(revision.c.article_id.in_([made[3], made[1]]))
            await tx.execute(spoilt.values(body="[{"))
        assert await _listed(door, f"state={state}&limit=1") == [made[4], made[2], made[0]]


async def test_slow_bodies_of_one_client_hold_up_no_other(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "RATE", 1000.0)
    async with opening() as door:
        host, port = door.url.removeprefix("http://").split(":")
        head = f"POST /api/articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_AUTHOR}\r\n"
        head += "Idempotency-Key: k\r\nContent-Length: 1000\r\n\r\n"
        slow = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
        for _, writer in slow:
            writer.write(head.encode())
            await writer.drain()
        async with asyncio.timeout(5):
            assert (await door.ask("GET", "/api/articles")).status_code == 200
        # Nor does it hold more connections than it may send requests at once.
        answers = [asyncio.create_task(reader.readline()) for reader, _ in slow]
        for answer in islice(asyncio.as_completed(answers, timeout=5), 10):
            assert b" 429 " in await answer
        for task, (_, writer) in zip(answers, slow, strict=True):
            task.cancel()
            writer.close()


async def test_the_markup_of_a_client_is_parsed_in_the_turn_of_the_client(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets: list[Ticket] = []

    async def read(_parser: Parser, _markup: str, *, ticket: Ticket) -> tuple[Block, ...]:
        tickets.append(ticket)
        return (Block(BlockKind.PARAGRAPH, "متن"),)

    monkeypatch.setattr(Parser, "blocks", read)
    await door.create(body="", body_html="<p>متن</p>")
    await door.ask("POST", "/api/articles", token=_AUTHOR, key="k", body=_NEW | {"body": "", "body_html": "<p>x"})
    assert len({ticket.source_id for ticket in tickets}) == 2
    assert all(ticket.source_id is not None and ticket.source_id < 0 for ticket in tickets)


@pytest.mark.parametrize("token", ["x", "x" * 32, _EDITOR + "x", "wordpress", _EDITOR[:-1] + "\u00ff"])
async def test_without_a_known_token_nothing_is_done_and_nothing_told(door: Door, token: str) -> None:
    for method, path in (("GET", "/api/articles"), ("POST", "/api/articles"), ("GET", "/api/articles/1")):
        async with httpx.AsyncClient(trust_env=False) as client:
            headers = {b"Authorization": f"Bearer {token}".encode(), b"Idempotency-Key": b"k"}
            answer = await client.request(method, door.url + path, headers=headers, content=json.dumps(_NEW))
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"title": "\xff"}', 400),
        (b'{"title": "\\ud800"}', 400),
        (b'{"tags": ' + b"[" * 400_000 + b"]" * 400_000 + b"}", 400),
        ({"title": "تیتر", "language": "fa\n"}, 400),
        ({"title": ""}, 400),
        ({"title": "x" * 301}, 400),
        ({"title": "تیتر", "unknown": 1}, 400),
        ({"title": "تیتر", "action": "delete"}, 400),
        ({"title": "!!!"}, 422),
        ({"title": "تیتر", "category": "نیست"}, 422),
        ({"title": "تیتر", "photo": "javascript:alert(1)"}, 422),
        ({"title": "تیتر", "link": "http://user@host.example"}, 422),
        (b"x" * (1 << 20) + b"x", 413),
    ],
)
async def test_a_body_that_is_none_of_ours_is_refused_with_the_reason(door: Door, body: Any, status: int) -> None:
    answer = await door.ask("POST", "/api/articles", key="k", body=body)
    assert answer.status_code == status
    if status != 413:
        assert msgspec.json.decode(answer.content, type=ErrorView).message
    assert (await door.ask("GET", "/api/articles?state=unpublished")).json()["articles"] == []


async def test_an_act_that_is_nested_too_deeply_is_refused_with_the_reason(door: Door) -> None:
    path = f"/api/articles/{(await door.create())['id']}"
    body = b'{"x": ' + b"[" * 400_000 + b"]" * 400_000 + b', "action": "publish"}'
    answer = await door.ask("POST", path, body=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid")


@pytest.mark.parametrize("field", ["title", "lead", "body", "body_html", "byline", "section"])
async def test_what_no_database_holds_is_left_out_of_a_text(door: Door, field: str) -> None:
    made = await door.create(**{"body": "", field: "یک\x00\u202eدو"})
    shown = "body_html" if field == "body" else field
    assert made[shown].replace("<p>", "").replace("</p>", "") == "یکدو"


async def test_what_is_published_meanwhile_is_changed_by_no_author(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await door.ask("POST", "/api/articles", token=_AUTHOR, key="k", body=_NEW)).json()
    path = f"/api/articles/{made['id']}"

    async def read_slowly(_parser: Parser, _markup: str, **_: Ticket) -> tuple[Block, ...]:
        assert (await door.ask("POST", path, body={"action": "publish"})).status_code == 200
        return (Block(BlockKind.PARAGRAPH, "چیز دیگر"),)

    monkeypatch.setattr(Parser, "blocks", read_slowly)
    change = {"action": "correct", "revision": 1, "body_html": "<p>چیز دیگر</p>"}
    late = await door.ask("POST", path, token=_AUTHOR, body=change)
    assert (late.status_code, late.json()["error"]) == (409, "article-changed-meanwhile")
    assert (await door.ask("GET", path)).json()["body_html"] == made["body_html"]


async def test_a_client_publishes_the_revision_that_it_has_seen(door: Door) -> None:
    path = f"/api/articles/{(await door.create())['id']}"
    await door.ask("POST", path, body={"action": "correct", "revision": 1, "lead": "دیگر"})
    stale = await door.ask("POST", path, body={"action": "publish", "revision": 1})
    assert (stale.status_code, stale.json()["error"]) == (409, "article-changed-meanwhile")
    assert (await door.ask("POST", path, body={"action": "publish", "revision": 2})).status_code == 200


@pytest.mark.parametrize("path", ["/api/articles/x", "/api/articles/-1", "/api/articles/0", "/api/articles/99"])
async def test_what_is_no_article_is_not_found(door: Door, path: str) -> None:
    assert (await door.ask("GET", path)).status_code == 404


async def test_an_eager_client_is_slowed_down_and_no_other(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "RATE", 0.001)
    monkeypatch.setattr(quota, "BURST", 3)
    async with opening() as door:
        statuses = [(await door.ask("GET", "/api/articles/1")).status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        assert (await door.ask("GET", "/api/articles/1", token=_AUTHOR)).status_code == 404


async def test_two_servers_on_postgresql_share_the_quota_of_a_client(
    postgres_socket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "RATE", 0.001)
    monkeypatch.setattr(quota, "BURST", 3)
    async with postgres.database(postgres_socket) as url, _opening(url)() as one, _opening(url)() as other:
        asked = [door.ask("GET", "/api/articles/1") for door in (one, other) * 3]
        assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [404] * 3 + [429] * 3
        assert (await other.ask("GET", "/api/articles/1", token=_AUTHOR)).status_code == 404


async def test_a_client_has_its_name_wherever_people_are_named(door: Door) -> None:
    made = await door.create()
    async with door.database.read() as connection:
        (entry,) = await audit.all_(connection, limit=1, article_id=made["id"])
        assert await name_of(connection, entry.actor_id) == "API wordpress"


async def test_every_described_operation_answers_as_it_is_described(door: Door) -> None:
    described = (await door.ask("GET", "/api/openapi.json", token="")).json()
    made = await door.create(action="publish")
    views = {"ArticleView": ArticleView, "ArticleListing": ArticleListing, "ErrorView": ErrorView}
    bodies = {"/api/articles": _NEW, "/api/articles/{id}": {"action": "correct", "revision": 1, "lead": "دیگر"}}
    asked = 0
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            body = bodies[path] if method == "post" else None
            answer = await door.ask(method.upper(), path.format(id=made["id"]), key="other", body=body)
            schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
            name = schema["$ref"].rpartition("/")[2]
            msgspec.json.decode(answer.content, type=views[name])
            assert answer.json().keys() == described["components"]["schemas"][name]["properties"].keys()
            asked += 1
    assert asked == 4
    unknown = await door.ask("GET", "/api/articles/99")
    assert "content" in described["paths"]["/api/articles/{id}"]["get"]["responses"][str(unknown.status_code)]


async def test_without_tokens_there_is_no_api(opening: Opening) -> None:
    async with opening(API_TOKENS="") as door:
        for path in ("/api/articles", "/api/articles/1", "/api/openapi.json"):
            assert (await door.ask("GET", path)).status_code == 404


@pytest.mark.parametrize(
    "value",
    [
        "wordpress",
        "wordpress:editor:short",
        f"WordPress:editor:{_EDITOR}",
        f"wordpress:owner:{_EDITOR}",
        f"a:editor:{_EDITOR},a:author:{_AUTHOR}",
        f"a:editor:{_EDITOR},b:editor:{_EDITOR}",
    ],
)
def test_a_wrong_setting_is_told_without_its_secrets(value: str) -> None:
    with pytest.raises(ConfigError, match=r"^API_TOKENS: ") as refused:
        load_settings({"API_TOKENS": value, "LISTEN": "127.0.0.1:1"}, env_file=None)
    assert _EDITOR not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("API_TOKENS", _TOKENS), ("FEEDS", "true")])
def test_the_door_needs_an_address(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: needs LISTEN"):
        load_settings({name: value}, env_file=None)


def test_tokens_are_among_the_secrets_that_no_log_shows() -> None:
    settings = load_settings({"API_TOKENS": _TOKENS, "LISTEN": "127.0.0.1:1"}, env_file=None)
    assert {_EDITOR, _AUTHOR} <= set(settings.secrets)
    assert _EDITOR not in repr(settings)


async def test_on_postgresql_ten_requests_with_one_key_at_two_servers_make_one_article(
    postgres_socket: str,
) -> None:
    async with postgres.database(postgres_socket) as url, _opening(url)() as one, _opening(url)() as other:
        doors = [one, other] * 5
        new = _NEW | {"action": "publish"}
        made = await asyncio.gather(*(door.ask("POST", "/api/articles", key="k", body=new) for door in doors))
        assert sorted(answer.status_code for answer in made) == [200] * 9 + [201]
        (article_id,) = {answer.json()["id"] for answer in made}
        changes = [{"action": "correct", "revision": 1, "title": f"تیتر {number}"} for number in range(10)]
        path = f"/api/articles/{article_id}"
        changed = await asyncio.gather(
            *(door.ask("POST", path, body=change) for door, change in zip(doors, changes, strict=True))
        )
        assert sorted(answer.status_code for answer in changed) == [200] + [409] * 9
        assert (await other.ask("GET", path)).json()["revision"] == 2
        feeds = [await door.ask("GET", "/feeds/all.xml", token="") for door in (one, other)]
        assert [feed.text.count("<item>") for feed in feeds] == [1, 1]


async def test_no_value_is_too_large_or_too_odd_for_the_database(on_either: Opening) -> None:
    async with on_either() as door:
        draft = await door.create("odd", title="تیتر\0", byline="\0", section="a\0", tags=["ن\0فت"], body="متن\0")
        assert draft["title"] == "تیتر"
        for revision in (1 << 31, (1 << 63) - 1, 1 << 64):
            change = {"action": "correct", "revision": revision, "title": "تیتر"}
            answer = await door.ask("POST", f"/api/articles/{draft['id']}", body=change)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid")
        for query in (
            "before=999999999999999999",
            "state=unpublished&before=999999999999999999-999999999999999999",
            "limit=0",
        ):
            assert (await door.ask("GET", f"/api/articles?{query}")).status_code == 200
        for query in ("category=%00", "category=%ED%A0%80"):
            assert (await door.ask("GET", f"/api/articles?{query}")).status_code == 422
        assert (await door.ask("GET", "/api/articles/9999999999999")).status_code == 404
        half = b'{"title": "\\ud83d"}'
        assert (await door.ask("POST", "/api/articles", key="half", body=half)).status_code == 400
