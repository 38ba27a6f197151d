"""Adding a source: an address of a site, the sources that the site offers, and a card on which one is added."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.bounds import QUERY
from bot.errors import SourceError, UserError
from bot.ingest.fetch.failure import Failure, FailureKind, failure_of
from bot.ingest.importer import general_category
from bot.ingest.sources.callbacks import SourcePage
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, CategoryId, Stamp, number
from bot.render.headline import category_label, category_name
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import in_rows, marked, turns_by_offset
from handlers.core.progress_message import progress_message
from handlers.core.router import Router
from handlers.staff.callbacks import AskSourceAddress
from handlers.staff.source_labels import KIND_TEXTS, destination
from handlers.staff.source_offers import (
    SourceOffer,
    addresses_in,
    linked_offer,
    offer_address,
    offer_card,
    offers_at,
    photo_of,
    post_of,
    prompt_unreachable,
)
from handlers.staff.sources import only_match, source_list, source_page
from storage import categories, sources
from storage.records import Category, Source, SourceKind
from storage.sources import SourceOptions

router = Router()

_ON_A_BUTTON = 24
_GUARDED = frozenset({FailureKind.STATUS, FailureKind.LATE, FailureKind.UNREACHABLE, FailureKind.CERTIFICATE})
"""The failures that a login, a cookie, a header or a proxy of the source may end."""


class SourceAddingState(DialogueState, frozen=True, kw_only=True):
    """The offers to choose from; none while an address is awaited.

    At the step "unread" another address is awaited, or that one is added which could not be fetched.
    """

    offers: tuple[SourceOffer, ...] = ()


ADDING = router.dialogue(
    Dialogue("source", SourceAddingState, right=Right.SOURCES, takes_every_word=True, card_step="unread")
)
"""The dialogue that waits for a site's address, and the card of what was found there."""

OfferPlace = Annotated[int, number(1)]
"""The place of an offer among those of the dialogue, from 0."""


@dataclass(frozen=True, slots=True)
class ShowOffers(CallbackData, prefix="offer:all"):
    """Shows the list of what was found."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class LeaveOffers(CallbackData, prefix="offer:no"):
    """Leaves what was found."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class OfferChoice(CallbackData):
    """An offer with the category and the destination that a person has chosen so far."""

    stamp: Stamp
    place: OfferPlace
    category_id: CategoryId
    review: bool


@dataclass(frozen=True, slots=True)
class ShowOffer(OfferChoice, prefix="offer"):
    """Shows the card of an offer."""


@dataclass(frozen=True, slots=True)
class ShowSample(OfferChoice, prefix="offer:post"):
    """Shows a sample of an offer as it would be posted."""

    sample: Annotated[int, number(1)]


@dataclass(frozen=True, slots=True)
class AskOfferCategory(OfferChoice, prefix="offer:cat"):
    """Shows the categories that the source may have."""


@dataclass(frozen=True, slots=True)
class AddOffer(OfferChoice, prefix="offer:add"):
    """Adds the source as its card shows it."""


@router.command("sources", right=Right.SOURCES)
async def list_or_search(ctx: HandlerContext) -> None:
    """/sources: every source, those that need somebody first; with words, those whose name or address has them.

    /sources ADDRESS: look for sources at a site.
    """
    words = QUERY.cut(" ".join(ctx.words.split()))
    if addresses_in(ctx.words):
        await _search(ctx)
    elif words and (source_id := await only_match(ctx, words)) is not None:
        await ctx.send(await source_page(ctx, source_id))
    else:
        await ctx.send(await source_list(ctx, 0, words))


@router.callback(AskSourceAddress, right=Right.SOURCES)
async def prompt_for_address(ctx: HandlerContext, _button: AskSourceAddress) -> None:
    """Prompt for an address of a site."""
    await ADDING.open(ctx, SourceAddingState())
    await ctx.answer_callback()
    await ctx.prompt("source-address-ask", cancel_keyboard(ctx))


@ADDING.on_message
async def on_address(ctx: HandlerContext, state: SourceAddingState) -> None:
    """Discover sources at the address in the message."""
    if state.is_aside:
        # The process was stopped between the search and its answer: the search is done, the answer is owed.
        await _send_offers(ctx, state.offers)
    else:
        await _search(ctx)


@router.callback(ShowOffers, right=Right.SOURCES)
async def show_offers(ctx: HandlerContext, button: ShowOffers) -> None:
    """Show the list of what was found in place of a card."""
    await ctx.edit_or_send(await _offers_message(ctx, button.stamp, await _offers(ctx, button.stamp)))


@router.callback(ShowOffer, right=Right.SOURCES)
async def show_offer(ctx: HandlerContext, button: ShowOffer) -> None:
    """Show the card of an offer, as it is chosen so far."""
    await ctx.edit_or_send(await _card(ctx, await _offers(ctx, button.stamp), button))


@router.callback(ShowSample, right=Right.SOURCES)
async def show_sample(ctx: HandlerContext, button: ShowSample) -> None:
    """Show in place of the card how a sample would be posted."""
    await ctx.edit_or_send(await _post(ctx, await _offers(ctx, button.stamp), button))


@router.callback(AskOfferCategory, right=Right.SOURCES)
async def show_categories(ctx: HandlerContext, button: AskOfferCategory) -> None:
    """Show the categories in place of the card; each leads back to it."""
    _offer_at(await _offers(ctx, button.stamp), button)
    known = await _categories(ctx)
    card = _offer_button(button)
    buttons = [
        Button(
            marked(category_label(category, ctx.texts), category.id == button.category_id),
            replace(card, category_id=category.id).pack(),
        )
        for category in known
    ]
    back = ((Button(ctx.texts("button-back"), card.pack()),),)
    await ctx.edit_or_send(Message(ctx.texts.html("source-category-ask"), in_rows(buttons, 2) + back))


@router.callback(AddOffer, right=Right.SOURCES)
async def add(ctx: HandlerContext, button: AddOffer) -> None:
    """Add the source of a card, and show its page; where it was added meanwhile, show that one's."""
    offer = _offer_at(await _offers(ctx, button.stamp), button)
    category = _category_at(await _categories(ctx), button.category_id)
    added = await ctx.services.source_admin.add(
        offer.url,
        offer.kind,
        category=category.slug,
        review=button.review,
        options=SourceOptions(offer.selector, title=offer.title),
        actor_id=ctx.user_id,
    )
    await ctx.close_dialogue()
    source = added or await _source_at(ctx, offer.url)
    if source is None:
        raise UserError("stale-button")
    await ctx.edit_or_send(await source_page(ctx, source.id))
    await ctx.answer_callback("source-added" if added else "source-known")


@router.callback(LeaveOffers, right=Right.SOURCES)
async def leave(ctx: HandlerContext, button: LeaveOffers) -> None:
    """Add nothing."""
    await confirmations.leave(ctx, waits=await ADDING.waiting(ctx, button.stamp) is not None)


async def _search(ctx: HandlerContext) -> None:
    """Offer the sources of the site whose address the message holds. The next message may hold another address."""
    await ADDING.open(ctx, SourceAddingState())
    addresses = addresses_in(ctx.words)
    if not addresses:
        await ctx.prompt("source-address-wanted", cancel_keyboard(ctx))
        return
    for address in addresses:
        if (source := await _source_at(ctx, address)) is not None:
            await ctx.close_dialogue()
            await ctx.send(_known_message(ctx.texts, source))
            return
    async with progress_message(ctx, "source-searching"):
        try:
            offers = await offers_at(ctx, addresses)
        except SourceError as error:
            await _offer_unread(ctx, addresses[0], failure_of(str(error)))
            return
        if offers:
            await _send_offers(ctx, offers)


async def _offer_unread(ctx: HandlerContext, address: str, failure: Failure) -> None:
    """Ask for another address, and offer to add the feed at this one where a login or a proxy may lead to it."""
    if failure.why not in _GUARDED:
        await prompt_unreachable(ctx, failure)
        return
    general = general_category(await _categories(ctx))
    offer = SourceOffer(address, SourceKind.FEED, "", "", 0, general.id, (), is_unread=True)
    stamp = await ADDING.open(ctx, SourceAddingState(step="unread", offers=(offer,)))
    anyway = Button(ctx.texts("button-offer-unread"), _first(stamp, 0, (offer,)).pack())
    await prompt_unreachable(ctx, failure, ((anyway,),))


async def _send_offers(ctx: HandlerContext, offers: tuple[SourceOffer, ...]) -> None:
    stamp = await ADDING.put_aside(ctx, SourceAddingState(offers=offers))
    await ctx.send(await _offers_message(ctx, stamp, offers))


async def _offers(ctx: HandlerContext, stamp: int) -> tuple[SourceOffer, ...]:
    """Return the offers that a message with that stamp shows. Raises UserError for a stale one."""
    state = await ADDING.waiting(ctx, stamp)
    if state is None:
        raise UserError("stale-button")
    return state.offers


def _offer_at(offers: Sequence[SourceOffer], choice: OfferChoice) -> SourceOffer:
    if choice.place >= len(offers):
        raise UserError("stale-button")
    return offers[choice.place]


async def _categories(ctx: HandlerContext) -> list[Category]:
    async with ctx.services.database.read() as connection:
        return await categories.all_(connection)


def _category_at(known: Sequence[Category], category_id: int) -> Category:
    category = next((known_category for known_category in known if known_category.id == category_id), None)
    if category is None:
        raise UserError("category-gone")
    return category


async def _source_at(ctx: HandlerContext, url: str) -> Source | None:
    async with ctx.services.database.read() as connection:
        return await sources.by_url(connection, url)


def _known_message(texts: Texts, source: Source) -> Message:
    page = Button(texts("button-source-page"), SourcePage(source.id).pack())
    return Message(texts.html("source-known"), ((page,),))


async def _offers_message(ctx: HandlerContext, stamp: int, offers: Sequence[SourceOffer]) -> Message:
    """Return the list of the offers; of a single one its card, or that it is a source already."""
    texts = ctx.texts
    known = [await _source_at(ctx, offer.url) for offer in offers]
    if len(offers) == 1:
        source = known[0]
        return (
            await _card(ctx, offers, _first(stamp, 0, offers)) if source is None else _known_message(texts, source)
        )
    lines = [texts.html("source-known" if all(known) else "source-found")]
    buttons = []
    for place, (offer, source) in enumerate(zip(offers, known, strict=True)):
        state = texts("source-added-already") if source else texts("source-found-items", count=offer.count)
        kind = texts(KIND_TEXTS[offer.kind])
        # Feeds of one site may share a title: the number tells their buttons apart.
        at = texts.digits(f"{place + 1}. ")
        lines += [
            "",
            f"{texts.mark}{at}{linked_offer(offer, texts)}",
            offer_address(offer),
            escape(texts.facts(kind, state)),
        ]
        data = SourcePage(source.id) if source else _first(stamp, place, offers)
        buttons.append(Button(at + texts.facts(cut(offer.name, _ON_A_BUTTON), kind, state), data.pack()))
    cancel = ((Button(texts("button-cancel"), LeaveOffers(stamp).pack()),),)
    return Message("\n".join(lines), in_rows(buttons, 1) + cancel)


def _first(stamp: int, place: int, offers: Sequence[SourceOffer]) -> ShowOffer:
    """Return the card of an offer as nobody has changed it yet."""
    return ShowOffer(stamp, place, offers[place].category, review=False)


def _offer_button(choice: OfferChoice) -> ShowOffer:
    return ShowOffer(choice.stamp, choice.place, choice.category_id, choice.review)


async def _card(ctx: HandlerContext, offers: Sequence[SourceOffer], choice: ShowOffer) -> Message:
    """Return the card on which a source is added: what it is, its newest items, and what is chosen for it."""
    texts, offer, known = ctx.texts, _offer_at(offers, choice), await _categories(ctx)
    category = _category_at(known, choice.category_id)
    lines = offer_card(offer, known, texts, category_id=category.id)
    keyboard = _card_buttons(texts, choice, category, samples=len(offer.samples), several=len(offers) > 1)
    return Message("\n".join(lines), keyboard, preview_photo=photo_of(offer.samples))


async def _post(ctx: HandlerContext, offers: Sequence[SourceOffer], choice: ShowSample) -> Message:
    """Return one sample as it would be posted, with its photo above, and the ways to the others and to the card."""
    texts, offer, known = ctx.texts, _offer_at(offers, choice), await _categories(ctx)
    if choice.sample >= len(offer.samples):
        raise UserError("stale-button")
    sample, count = offer.samples[choice.sample], len(offer.samples)
    heading = texts.html("source-sample-of", place=choice.sample + 1, count=count)
    post = post_of(offer, sample, known, texts, category_id=choice.category_id)
    turns = turns_by_offset(
        texts, lambda at: replace(choice, sample=at), choice.sample, 1, more=choice.sample + 1 < count
    )
    back = ((Button(texts("button-back"), _offer_button(choice).pack()),),)
    return Message(f"{heading}\n\n{post}", turns + back, preview_photo=photo_of([sample]))


def _card_buttons(texts: Texts, choice: ShowOffer, category: Category, *, samples: int, several: bool) -> Keyboard:
    chosen = (choice.stamp, choice.place, choice.category_id, choice.review)
    target = destination(texts, review=choice.review)
    category_label = texts("button-offer-category", name=category_name(category, texts))
    around = [Button(texts("button-cancel"), LeaveOffers(choice.stamp).pack())]
    if several:
        around.append(Button(texts("button-back"), ShowOffers(choice.stamp).pack()))
    return (
        (Button(category_label, AskOfferCategory(*chosen).pack()),),
        (
            Button(
                texts("button-offer-destination", target=target), replace(choice, review=not choice.review).pack()
            ),
        ),
        *(((Button(texts("button-offer-posts"), ShowSample(*chosen, 0).pack()),),) if samples else ()),
        (Button(texts("button-offer-add"), AddOffer(*chosen).pack(), style=ButtonStyle.PRIMARY),),
        tuple(around),
    )
