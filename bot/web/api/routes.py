"""The routes of the API: authentication, decoding of the request, the act, and its answer or error as JSON."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from bot.config import Settings
from bot.errors import ConflictError, NotFoundError, UserError
from bot.locales.catalog import Catalog
from bot.newsroom.article_lists import ListedArticles
from bot.newsroom.permissions import Right, may
from bot.web.answer import answer
from bot.web.api.acts import ApiServices, ArticleActs
from bot.web.api.article_view import view_of
from bot.web.api.clients import Client, Clients
from bot.web.api.list_request import PublishedRequest, UnpublishedRequest, cursor_of, list_request_of
from bot.web.api.messages import ArticleAct, ArticleInput, ErrorView
from bot.web.api.openapi import description
from bot.web.api.quota import BURST, Quota
from bot.web.body import BodyError, read_body
from bot.web.route import Route, Routes
from storage.article_pages import DraftPlace
from storage.errors import UnavailableError

_MOST_AT_ONCE = 8  # requests of a client handled side by side; its others wait with their bodies unread
_LARGEST_BODY = 1 << 20
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_NEW, _ACT = msgspec.json.Decoder(ArticleInput), msgspec.json.Decoder(ArticleAct)
_MARKS = re.compile("[\u2066-\u2069\u200e\u200f]")

T = TypeVar("T")


class _RequestError(Exception):
    """A request that is none of the API's; `error` is a word for programs."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


def api_routes(settings: Settings, services: ApiServices, catalog: Catalog) -> Routes:
    """Return the routes of the API, none where the settings name no client."""
    if not settings.api_tokens:
        return {}
    api, guard = _Api(services), _Guard(Clients(settings.api_tokens, services.submissions), services.quota, catalog)
    return {
        "/api/articles": guard.route(api.articles),
        "/api/articles/": guard.route(api.article),
        "/api/openapi.json": Route(("GET",), _describe),
    }


class _Listing(msgspec.Struct):
    """An ArticleListing (bot.web.api.messages) whose articles are encoded already."""

    articles: list[msgspec.Raw]
    next: str | None


class _Api:
    """The handlers of the API's paths."""

    def __init__(self, services: ApiServices) -> None:
        self._lists = services.lists
        self._acts = ArticleActs(services)

    async def articles(self, client: Client, request: web.BaseRequest) -> web.Response:
        """List articles, or create one."""
        if request.method == "GET":
            return _json(200, await self._page(client, request))
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            words = "the header Idempotency-Key, 1 to 128 printable ASCII characters, makes a repeat harmless"
            raise _RequestError(400, "key-missing", words)
        body = await read_body(request, most=_LARGEST_BODY)
        submitted = await self._acts.create(client, _decoded(_NEW, body), key=key, body=body)
        return _json(201 if submitted.is_new else 200, view_of(submitted.article))

    async def article(self, client: Client, request: web.BaseRequest) -> web.Response:
        """Show one article, or act on it."""
        number = request.path.rpartition("/")[2]
        if not (number.isascii() and number.isdecimal() and len(number) <= 13):
            raise _RequestError(404, "no-such-path", "the path ends with the number of an article")
        article_id = int(number)
        if request.method == "GET":
            return _json(200, view_of(await self._acts.visible(client, article_id)))
        body = await read_body(request, most=_LARGEST_BODY)
        changed = await self._acts.act(client, article_id, _decoded(_ACT, body))
        return _json(200, view_of(changed))

    async def _page(self, client: Client, request: web.BaseRequest) -> _Listing:
        try:
            list_request = list_request_of(request.query)
        except ValueError as error:
            raise _RequestError(400, "invalid", str(error)) from None
        category_id = (await self._lists.category(list_request.category)).id if list_request.category else None
        page: ListedArticles[int] | ListedArticles[DraftPlace]
        match list_request:
            case PublishedRequest(limit=limit, before=ordinal):
                page = await self._lists.published(limit=limit, category_id=category_id, before=ordinal)
            case UnpublishedRequest(limit=limit, before=place):
                author_id = None if may(client.role, Right.EDIT) else client.actor_id
                page = await self._lists.unpublished(
                    limit=limit, category_id=category_id, author_id=author_id, before=place
                )
        encoded = []
        for article in page.articles:
            encoded.append(msgspec.Raw(msgspec.json.encode(view_of(article))))
            await asyncio.sleep(0)  # a long article takes milliseconds, and others go on in between
        return _Listing(articles=encoded, next=cursor_of(page.last))


class _Guard:
    """Admits known clients within their rate limit; what a handler raises becomes an answer."""

    def __init__(self, clients: Clients, quota: Quota, catalog: Catalog) -> None:
        self._clients = clients
        self._quota = quota
        self._catalog = catalog
        # Each client has places of its own: one that sends its bodies slowly holds up no other.
        self._places = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(_MOST_AT_ONCE))
        self._under_way = Counter[str]()

    def route(self, handle: Callable[[Client, web.BaseRequest], Awaitable[web.Response]]) -> Route:
        """Return the route of a handler for clients."""

        async def guarded(request: web.BaseRequest) -> web.Response:
            try:
                return await self._let_in(request, handle)
            except BodyError as error:
                return answer(error.status)
            except UnavailableError:
                return answer(503, headers={"Retry-After": "5"})
            except _RequestError as error:
                return _json(error.status, ErrorView(error=error.error, message=str(error)))
            except UserError as error:
                words = _MARKS.sub("", self._catalog.text("en", error.key, error.text_args))
                return _json(_status_of(error), ErrorView(error=error.key, message=words))

        return Route(("GET", "POST"), guarded)

    async def _let_in(
        self, request: web.BaseRequest, handle: Callable[[Client, web.BaseRequest], Awaitable[web.Response]]
    ) -> web.Response:
        client = await self._clients.of(request)
        if client is None:
            return answer(401, headers={"WWW-Authenticate": "Bearer"})
        if self._under_way[client.name] >= BURST:
            return _too_many()
        self._under_way[client.name] += 1
        try:
            if not await self._quota.try_acquire(client):
                return _too_many()
            async with self._places[client.name]:
                return await handle(client, request)
        finally:
            self._under_way[client.name] -= 1


def _too_many() -> web.Response:
    return answer(429, headers={"Retry-After": "1"})


def _status_of(error: UserError) -> int:
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, ConflictError):
        return 409
    return 403 if error.key == "not-allowed" else 422


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _RequestError(400, "invalid", str(error)) from None
    except RecursionError:
        raise _RequestError(400, "invalid", "the body is nested too deeply") from None


def _json(status: int, body: msgspec.Struct) -> web.Response:
    return answer(status, msgspec.json.encode(body), content_type="application/json", keep=status < 400)


async def _describe(_request: web.BaseRequest) -> web.Response:
    return answer(200, description(), content_type="application/json")
