"""Changing a source: its category, destination, interval, policy, name and address, and its removal."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from bot.errors import NotFoundError, SourceError, UserError
from bot.ingest.fetch.failure import failure_of
from bot.ingest.sources.callbacks import SourceId, SourceList, SourcePage
from bot.ingest.sources.source_admin import SourceEdit, find_source
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, CategoryId, Stamp, number
from bot.render.headline import category_label, category_name
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, question_keyboard
from handlers.core.labels import in_rows, marked
from handlers.core.progress_message import progress_message
from handlers.core.router import Router
from handlers.staff.callbacks import AskSourceRetraction, EditSource, ListSections
from handlers.staff.source_labels import (
    LONGEST_NAME,
    POLICY_BUTTONS,
    destination,
    interval_in_words,
    linked,
    short_name,
)
from handlers.staff.source_offers import (
    SourceOffer,
    addresses_in,
    offer_card,
    offers_at,
    photo_of,
    prompt_unreachable,
    sample_of,
)
from handlers.staff.sources import source_page
from persian.foreign_text import one_line
from persian.normalise import normalise
from storage import categories, source_rules
from storage.records import Category, ChangePolicy, Source, SourceKind

router = Router()

INTERVALS = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 24 * 3600)
"""The intervals that have a button, in seconds."""

_SAMPLES = 2_400
"""The room (units) that the samples of all offers have in one message."""


class SourceEditingState(DialogueState, frozen=True, kw_only=True):
    """The source that is given a name or an address, and the offers at the new address to choose from."""

    step: Literal["name", "address", "confirm"]
    id: int
    offers: tuple[SourceOffer, ...] = ()


EDITING = router.dialogue(
    Dialogue("editsource", SourceEditingState, right=Right.SOURCES, takes_every_word=True, ends_on=NotFoundError)
)
"""The dialogue in which a source's new name or address is written."""

OfferPlace = Annotated[int, number(1)]
"""The place of an offer among those of the dialogue, from 0."""
Seconds = Annotated[int, number(6)]
"""An interval; 0 stands for FETCH_INTERVAL."""


@dataclass(frozen=True, slots=True)
class AskSourceCategory(CallbackData, prefix="source:cat"):
    """Shows the categories that a source may have."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ChooseSourceCategory(CallbackData, prefix="source:cat"):
    """Changes the category of a source's items."""

    source_id: SourceId
    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class ChooseSourceDestination(CallbackData, prefix="source:to"):
    """Sends a source's items to the readers, or to review first."""

    source_id: SourceId
    review: bool


@dataclass(frozen=True, slots=True)
class AskSourceInterval(CallbackData, prefix="source:every"):
    """Shows the intervals at which a source may be read."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ChooseSourceInterval(CallbackData, prefix="source:every"):
    """Changes the interval of a source."""

    source_id: SourceId
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class AskSourcePolicy(CallbackData, prefix="source:changes"):
    """Shows the policies for what a source changes."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ChooseSourcePolicy(CallbackData, prefix="source"):
    """Chooses what becomes of articles that a source has changed."""

    source_id: SourceId
    policy: ChangePolicy


@dataclass(frozen=True, slots=True)
class AskSourceName(CallbackData, prefix="source:name"):
    """Prompts for a source's new name."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ClearSourceName(CallbackData, prefix="source:noname"):
    """Resets a source's name to its site's own."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class AskNewAddress(CallbackData, prefix="source:url"):
    """Prompts for a source's new address."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class SaveNewAddress(CallbackData, prefix="source:url"):
    """Changes the address of a source to that of an offer."""

    source_id: SourceId
    stamp: Stamp
    place: OfferPlace


@dataclass(frozen=True, slots=True)
class RemoveSource(CallbackData, prefix="source:remove"):
    """Removes a source; asks first where nobody is `sure`."""

    source_id: SourceId
    sure: Literal["y"] | None = None


@router.callback(EditSource, right=Right.SOURCES)
async def show_choices(ctx: HandlerContext, button: EditSource) -> None:
    """Show what can be changed."""
    await ctx.edit_or_send(await _choices(ctx, button.source_id))


@router.callback(AskSourceCategory, right=Right.SOURCES)
async def show_categories(ctx: HandlerContext, button: AskSourceCategory) -> None:
    """Show the categories."""
    source, known = await _source_and_categories(ctx, button.source_id)
    buttons = [
        Button(
            marked(category_label(category, ctx.texts), category.id == source.category_id),
            ChooseSourceCategory(source.id, category.id).pack(),
        )
        for category in known
    ]
    await ctx.edit_or_send(_question(ctx.texts, "source-category-ask", source, in_rows(buttons, 2)))


@router.callback(ChooseSourceCategory, right=Right.SOURCES)
async def choose_category(ctx: HandlerContext, button: ChooseSourceCategory) -> None:
    """Set the category of the items that come from now on."""
    _, known = await _source_and_categories(ctx, button.source_id)
    chosen = next((category for category in known if category.id == button.category_id), None)
    if chosen is None:
        raise NotFoundError("category-gone")
    await _change(ctx, button.source_id, SourceEdit(category=chosen.slug))


@router.callback(ChooseSourceDestination, right=Right.SOURCES)
async def choose_destination(ctx: HandlerContext, button: ChooseSourceDestination) -> None:
    """Send the items that come from now on elsewhere."""
    await _change(ctx, button.source_id, SourceEdit(review=button.review))


@router.callback(AskSourceInterval, right=Right.SOURCES)
async def show_intervals(ctx: HandlerContext, button: AskSourceInterval) -> None:
    """Show the usual intervals."""
    source, texts = await _source(ctx, button.source_id), ctx.texts

    def choice(seconds: int | None) -> Button:
        label = marked(interval_in_words(seconds, texts), seconds == source.interval)
        return Button(label, ChooseSourceInterval(source.id, seconds or 0).pack())

    rows = ((choice(None),), *in_rows([choice(seconds) for seconds in INTERVALS], 2))
    await ctx.edit_or_send(_question(texts, "source-interval-ask", source, rows))


@router.callback(ChooseSourceInterval, right=Right.SOURCES)
async def choose_interval(ctx: HandlerContext, button: ChooseSourceInterval) -> None:
    """Set one of the usual intervals of a source."""
    if button.seconds and button.seconds not in INTERVALS:
        raise UserError("stale-button")
    await _change(ctx, button.source_id, SourceEdit(interval=button.seconds))


@router.callback(AskSourcePolicy, right=Right.SOURCES)
async def show_policies(ctx: HandlerContext, button: AskSourcePolicy) -> None:
    """Show the policies for changes."""
    source = await _source(ctx, button.source_id)
    rows = tuple(
        (Button(marked(ctx.texts(key), policy is source.changes), ChooseSourcePolicy(source.id, policy).pack()),)
        for policy, key in POLICY_BUTTONS.items()
    )
    await ctx.edit_or_send(_question(ctx.texts, "source-changes-question", source, rows))


@router.callback(ChooseSourcePolicy, right=Right.SOURCES)
async def choose_policy(ctx: HandlerContext, button: ChooseSourcePolicy) -> None:
    """Choose what becomes of articles that the source has changed."""
    await ctx.services.source_admin.change_policy(button.source_id, button.policy, actor_id=ctx.user_id)
    await ctx.edit_or_send(await _choices(ctx, button.source_id))
    await ctx.answer_callback("noted")


@router.callback(AskSourceName, right=Right.SOURCES)
async def prompt_for_name(ctx: HandlerContext, button: AskSourceName) -> None:
    """Prompt for a name; one that was given can be taken away again."""
    source = await _source(ctx, button.source_id)
    await EDITING.open(ctx, SourceEditingState(step="name", id=source.id))
    clear = ((Button(ctx.texts("button-source-own-name"), ClearSourceName(source.id).pack()),),)
    await ctx.answer_callback()
    await ctx.prompt(
        "source-name-ask", (clear if source.named else ()) + cancel_keyboard(ctx), name=short_name(source)
    )


@router.callback(ClearSourceName, right=Right.SOURCES)
async def clear_name(ctx: HandlerContext, button: ClearSourceName) -> None:
    """Reset the name of a source to its site's own."""
    source = await ctx.services.source_admin.edit(button.source_id, SourceEdit(title=""), actor_id=ctx.user_id)
    await ctx.close_dialogue()
    await ctx.edit_or_send(await source_page(ctx, source.id))
    await ctx.answer_callback("noted")


@router.callback(AskNewAddress, right=Right.SOURCES)
async def prompt_for_address(ctx: HandlerContext, button: AskNewAddress) -> None:
    """Prompt for another address."""
    source = await _source(ctx, button.source_id)
    await EDITING.open(ctx, SourceEditingState(step="address", id=source.id))
    await ctx.answer_callback()
    await ctx.prompt("source-new-address-ask", cancel_keyboard(ctx), name=short_name(source))


@EDITING.on_message
async def on_text(ctx: HandlerContext, state: SourceEditingState) -> None:
    """Set the name or try the address in the message."""
    source = await _source(ctx, state.id)
    if state.is_aside:
        # The process was stopped between the search and its answer: the search is done, the answer is owed.
        await _send_offers(ctx, state)
    elif state.step == "name":
        await _rename(ctx, source)
    else:
        await _try_address(ctx, state, source)


@router.callback(SaveNewAddress, right=Right.SOURCES)
async def save_address(ctx: HandlerContext, button: SaveNewAddress) -> None:
    """Change the address of a source to the one that was tried."""
    state = await EDITING.waiting(ctx, button.stamp)
    if state is None or state.id != button.source_id or button.place >= len(state.offers):
        raise UserError("stale-button")
    offer = state.offers[button.place]
    edit = SourceEdit(url=offer.url, kind=offer.kind, selector=offer.selector)
    source = await ctx.services.source_admin.edit(state.id, edit, actor_id=ctx.user_id)
    await ctx.close_dialogue()
    await ctx.edit_or_send(await source_page(ctx, source.id))
    await ctx.answer_callback("source-address-saved")


@router.callback(RemoveSource, right=Right.SOURCES)
async def remove(ctx: HandlerContext, button: RemoveSource) -> None:
    """Remove a source after a yes; the articles that it brought stay."""
    source, texts = await _source(ctx, button.source_id), ctx.texts
    name = short_name(source)
    if not button.sure:
        yes = Button(
            texts("button-yes-remove-source"), RemoveSource(source.id, "y").pack(), style=ButtonStyle.DANGER
        )
        back = Button(texts("button-back"), EditSource(source.id).pack())
        keyboard = question_keyboard(ctx, yes, back, stacked=True)
        await ctx.edit_or_send(Message(texts.html("source-remove-sure", name=name), keyboard))
        return
    await ctx.services.source_admin.remove(source.id, actor_id=ctx.user_id)
    listed = Button(texts("button-sources"), SourceList(0).pack())
    await ctx.edit_or_send(Message(texts.html("source-removed", name=name), ((listed,),)))
    await ctx.answer_callback("noted")


async def _change(ctx: HandlerContext, source_id: int, edit: SourceEdit) -> None:
    await ctx.services.source_admin.edit(source_id, edit, actor_id=ctx.user_id)
    await ctx.edit_or_send(await _choices(ctx, source_id))
    await ctx.answer_callback("noted")


async def _rename(ctx: HandlerContext, source: Source) -> None:
    name = one_line(ctx.words)
    if not normalise(name) or len(name) > LONGEST_NAME:
        raise UserError("source-name-wrong", most=LONGEST_NAME)
    await ctx.services.source_admin.edit(source.id, SourceEdit(title=name), actor_id=ctx.user_id)
    await ctx.close_dialogue()
    await ctx.send(await source_page(ctx, source.id))


async def _try_address(ctx: HandlerContext, state: SourceEditingState, source: Source) -> None:
    """Try an address as when a source is added; a watched page is read as a page."""
    addresses = addresses_in(ctx.words)
    await EDITING.open(ctx, state)
    if not addresses:
        await ctx.prompt("source-address-wanted", cancel_keyboard(ctx))
        return
    async with progress_message(ctx, "source-searching"):
        try:
            if source.kind is SourceKind.PAGE:
                offers: tuple[SourceOffer, ...] = (await _page_at(ctx, addresses[0], source),)
            else:
                offers = await offers_at(ctx, addresses, source)
        except SourceError as error:
            await prompt_unreachable(ctx, failure_of(str(error)))
            return
        if offers:
            await _send_offers(ctx, msgspec.structs.replace(state, offers=offers))


async def _page_at(ctx: HandlerContext, address: str, source: Source) -> SourceOffer:
    """Return the page at an address as an offer. Raises UserError where it cannot be read."""
    try:
        profile = ctx.services.source_requests.profile(source)
    except SourceError as error:
        raise UserError("import-unreadable", reason=str(error)) from error
    page = await ctx.services.importer.read_address(address, profile=profile)
    async with ctx.services.database.read() as connection:
        sample = sample_of(page, await categories.all_(connection))
    return SourceOffer(address, SourceKind.PAGE, "", source.title, 1, source.category_id, (sample,))


async def _send_offers(ctx: HandlerContext, state: SourceEditingState) -> None:
    texts = ctx.texts
    stamp = await EDITING.put_aside(ctx, state)
    source, known = await _source_and_categories(ctx, state.id)
    room = _SAMPLES // len(state.offers)
    lines = [texts.html("source-address-tried")]
    buttons = []
    for place, offer in enumerate(state.offers):
        at = texts.digits(f"{place + 1}. ") if len(state.offers) > 1 else ""
        first, *more = offer_card(offer, known, texts, category_id=source.category_id, room=room)
        lines += ["", f"{texts.mark}{at}{first}", *more]
        label = at + texts("button-save-address")
        buttons.append(Button(label, SaveNewAddress(state.id, stamp, place).pack(), style=ButtonStyle.PRIMARY))
    page = ((Button(texts("button-cancel"), SourcePage(state.id).pack()),),)
    photo = photo_of(state.offers[0].samples) if len(state.offers) == 1 else ""
    await ctx.send(Message("\n".join(lines), in_rows(buttons, 2) + page, preview_photo=photo))


async def _choices(ctx: HandlerContext, source_id: int) -> Message:
    """Return what can be changed: each property on a button with its value."""
    source, known = await _source_and_categories(ctx, source_id)
    async with ctx.services.database.read() as connection:
        learned = await source_rules.learned(connection, source_id)
    texts = ctx.texts
    category = next(category for category in known if category.id == source.category_id)
    target = destination(texts, review=source.review)
    every = interval_in_words(source.interval, texts)
    buttons: list[tuple[str, CallbackData]] = [
        (texts("button-offer-category", name=category_name(category, texts)), AskSourceCategory(source.id)),
        (
            texts("button-offer-destination", target=target),
            ChooseSourceDestination(source.id, review=not source.review),
        ),
        (texts("button-source-interval", every=every), AskSourceInterval(source.id)),
        (texts(POLICY_BUTTONS[source.changes]), AskSourcePolicy(source.id)),
        (texts("button-source-name"), AskSourceName(source.id)),
        (texts("button-source-address"), AskNewAddress(source.id)),
        (texts("button-source-retract"), AskSourceRetraction(source.id)),
        (texts("button-source-remove"), RemoveSource(source.id)),
    ]
    if learned:
        buttons.insert(4, (texts("button-learned-sections", count=len(learned)), ListSections(source.id, 0)))
    rows = in_rows([Button(label, data.pack()) for label, data in buttons], 2)
    back = ((Button(texts("button-back"), SourcePage(source.id).pack()),),)
    return Message(texts.html("source-edit-ask") + "\n" + linked(source, texts), rows + back)


def _question(texts: Texts, key: str, source: Source, choices: Keyboard) -> Message:
    back = ((Button(texts("button-back"), EditSource(source.id).pack()),),)
    return Message(f"{linked(source, texts)}\n\n{texts.html(key)}", choices + back)


async def _source(ctx: HandlerContext, source_id: int) -> Source:
    async with ctx.services.database.read() as connection:
        return await find_source(connection, source_id)


async def _source_and_categories(ctx: HandlerContext, source_id: int) -> tuple[Source, list[Category]]:
    async with ctx.services.database.read() as connection:
        return await find_source(connection, source_id), await categories.all_(connection)
