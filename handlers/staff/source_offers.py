"""Offers: what a site has that can be a source, as an editor sees it before choosing."""

import re
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from bot.errors import SourceError
from bot.ingest.candidate import Candidate
from bot.ingest.discovery.discovery import Discovery
from bot.ingest.discovery.found_source import FoundSource
from bot.ingest.fetch.failure import Failure, FailureKind, failure_of
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.importer import general_category
from bot.ingest.routing.category_words import category_of
from bot.locales.catalog import Texts
from bot.render.html import TEXT_LIMIT, cut, escape, is_web_address
from bot.render.message import Keyboard, Message
from bot.render.sample_post import LEAD_UNITS, MOST_TAGS, TITLE_UNITS, SamplePost, sample_post
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.staff.source_labels import KIND_TEXTS
from storage import categories
from storage.records import Category, Source, SourceKind

_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_HOST = re.compile(r"[^\s/:@]+\.[^\s/:@]+(?::\d{1,5})?(?:/\S*)?")
_NAME = 60
_TAG = 40
_LONGEST_URL = 500
_ROOM = 3_000
_ADDRESS = 300


class OfferSample(msgspec.Struct, frozen=True):
    """A recent item of an offer, its texts cut, and when it was published (ms UTC), 0 for unknown.

    `category` is the id of the one that its own sections mean, 0 for none.
    """

    title: str
    published_at: int
    lead: str = ""
    tags: tuple[str, ...] = ()
    photo: str = ""
    url: str = ""
    category: int = 0


class SourceOffer(msgspec.Struct, frozen=True):
    """A source that a site offers (see `FoundSource`). `category` is the id of the one that its samples mean.

    One that `is_unread` is an address that could not be fetched: it is added all the same, and read later.
    """

    url: str
    kind: SourceKind
    selector: str
    title: str
    count: int
    category: int
    samples: tuple[OfferSample, ...]
    is_unread: bool = False

    @property
    def name(self) -> str:
        """The title, or the address where it has none."""
        return self.title or self.url.partition("://")[2]


async def offers_at(
    ctx: HandlerContext, addresses: Sequence[str], source: Source | None = None
) -> tuple[SourceOffer, ...]:
    """Return what a site offers; where that is nothing, ask for another address and return none.

    Of its `addresses` the first that can be reached counts. The requests have the form of those of a `source` that
    is given. Raises SourceError where none can be fetched, with what is wrong with the first.
    """
    discovery = ctx.services.discovery
    if source is not None:
        discovery = discovery.with_profile(ctx.services.source_requests.profile(source))
    discovered = await _discovered(discovery, addresses)
    if not discovered:
        await ctx.prompt("source-none-found", cancel_keyboard(ctx))
        return ()
    async with ctx.services.database.read() as connection:
        known = await categories.all_(connection)
    return tuple(_offer_of(source, known) for source in discovered)


async def _discovered(discovery: Discovery, addresses: Sequence[str]) -> tuple[FoundSource, ...]:
    first, *others = addresses
    try:
        return await discovery.discover(first)
    except SourceError as error:
        if failure_of(str(error)).why is FailureKind.UNREACHABLE:
            for address in others:
                with suppress(SourceError):
                    return await discovery.discover(address)
        raise


async def prompt_unreachable(ctx: HandlerContext, failure: Failure, keyboard: Keyboard = ()) -> None:
    """Report why an address cannot be fetched, and prompt for another; `keyboard` stands above the way out."""
    why = ctx.texts("source-why", **failure.as_args())
    words = ctx.texts.html("source-address-unreachable", why=why)
    if keyboard:
        words += "\n\n" + ctx.texts.html("source-address-guarded")
    await ctx.send(Message(words, keyboard + cancel_keyboard(ctx)))


def addresses_in(words: str) -> tuple[str, ...]:
    """Return the first web address in a text, none where there is none that can be fetched.

    A text that is an address without its scheme is read as one with https, and as one with http.
    """
    match = _WEB_ADDRESS.search(words)
    if match is None and _HOST.fullmatch(words) is None:
        return ()
    written = (match[0],) if match else (f"https://{words}", f"http://{words}")
    try:
        return tuple(str(checked_url(address)) for address in written)
    except SourceError:
        return ()


def meant_category(samples: Sequence[Candidate], known: Sequence[Category]) -> Category:
    """Return the category that all samples mean whose sections mean one; else the general one."""
    meant = [category_of(sample.category_words, known) for sample in samples]
    distinct = {category.id: category for category in meant if category is not None}
    return next(iter(distinct.values())) if len(distinct) == 1 else general_category(known)


def sample_of(item: Candidate, known: Sequence[Category]) -> OfferSample:
    """Return an item as a sample."""
    content, url = item.content, item.provenance.url
    category = category_of(item.category_words, known)
    return OfferSample(
        cut(content.title or url, TITLE_UNITS),
        item.provenance.published_at,
        lead=cut(content.lead, LEAD_UNITS),
        tags=tuple(cut(tag, _TAG) for tag in content.tags[:MOST_TAGS]),
        photo=content.photo if len(content.photo) <= _LONGEST_URL else "",
        url=url if len(url) <= _LONGEST_URL else "",
        category=category.id if category is not None else 0,
    )


def offer_card(
    offer: SourceOffer, known: Sequence[Category], texts: Texts, *, category_id: int, room: int = _ROOM
) -> list[str]:
    """Return the lines (HTML) of what an offer is, and of its newest items as they would be posted.

    `category_id` is that of items that name none themselves; the posts have `room` units together.
    """
    items = texts("source-new") if offer.is_unread else texts("source-found-items", count=offer.count)
    facts = texts.facts(texts(KIND_TEXTS[offer.kind]), items)
    lines = [f"<b>{linked_offer(offer, texts)}</b>", offer_address(offer), escape(facts)]
    if offer.samples:
        lines += ["", texts.html("source-samples")]
        each = room // len(offer.samples)
        lines += [
            f"<blockquote>{post_of(offer, sample, known, texts, category_id=category_id, room=each)}</blockquote>"
            for sample in offer.samples
        ]
    return lines


def post_of(
    offer: SourceOffer,
    sample: OfferSample,
    known: Sequence[Category],
    texts: Texts,
    *,
    category_id: int,
    room: int = TEXT_LIMIT // 2,
) -> str:
    """Return a sample as it would be posted, as HTML; its own category comes before the one of `category_id`."""
    by_id = {category.id: category for category in known}
    category = by_id.get(sample.category) or by_id.get(category_id) or general_category(known)
    post = SamplePost(
        sample.title, sample.lead, category, sample.tags, sample.published_at, sample.url, sample.photo
    )
    return sample_post(post, cut(offer.name, _NAME), texts, room=room)


def photo_of(samples: Sequence[OfferSample]) -> str:
    """Return the address of the first photo of samples, "" where none has any."""
    return next((sample.photo for sample in samples if is_web_address(sample.photo)), "")


def linked_offer(offer: SourceOffer, texts: Texts) -> str:
    """Return an offer's name as a link to its address."""
    name = escape(texts.apart(cut(offer.name, _NAME)))
    return f'{texts.mark}<a href="{escape(offer.url)}">{name}</a>'


def offer_address(offer: SourceOffer) -> str:
    """Return an offer's address as code."""
    return f"<code>{escape(cut(offer.url, _ADDRESS))}</code>"


def _offer_of(source: FoundSource, known: Sequence[Category]) -> SourceOffer:
    samples = tuple(sample_of(item, known) for item in source.newest)
    category = meant_category(source.newest, known)
    title = cut(source.title, _NAME)
    return SourceOffer(source.url, source.kind, source.selector, title, source.count, category.id, samples)
