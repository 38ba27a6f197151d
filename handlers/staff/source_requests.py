"""The requests of a source: what is set for them, and the dialogue in which a person sets a part.

A message that may hold a secret is deleted once it was read, and its stored update loses its text. No value is
shown again.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Literal

from bot.errors import NotFoundError, UserError
from bot.ingest.fetch.request_settings import key_of
from bot.ingest.sources.callbacks import SourceId, SourcePage
from bot.ingest.sources.source_admin import find_source
from bot.ingest.sources.source_requests import REMOVED, SecretMessage, source_origin
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right, may
from bot.render.callback_data import CallbackData
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, question_keyboard
from handlers.core.labels import in_rows
from handlers.core.router import Router
from handlers.core.secret_messages import delete_message, discard_message
from handlers.staff.callbacks import ShowSourceRequests
from handlers.staff.source_labels import name_of
from storage.records import RequestPart, RequestSetting, Role, Source

router = Router()

SettingTag = Annotated[str, "[0-9a-f]{16}"]
"""A digest of what tells a setting from others of its source: names are longer than callback data may be."""


@dataclass(frozen=True, slots=True)
class AskRequestPart(CallbackData, prefix="request:set"):
    """Prompts for a part of a source's requests."""

    source_id: SourceId
    part: RequestPart


@dataclass(frozen=True, slots=True)
class RemoveRequestPart(CallbackData, prefix="request:del"):
    """Removes a part of a source's requests; asks first where nobody is `sure`."""

    source_id: SourceId
    tag: SettingTag
    sure: Literal["y"] | None = None


class RequestState(DialogueState, frozen=True, kw_only=True):
    """The part of a source's requests that is awaited."""

    source_id: int
    part: RequestPart


SETTING = router.dialogue(
    Dialogue(
        "request",
        RequestState,
        right=Right.SOURCES,
        takes_every_word=True,
        takes_secrets=True,
        ends_on=NotFoundError,
    )
)
"""The dialogue that waits for a part of a source's requests."""

_NAME = 60
_ON_A_BUTTON = 30


@router.callback(ShowSourceRequests, right=Right.SOURCES)
async def show_requests(ctx: HandlerContext, button: ShowSourceRequests) -> None:
    """Show what is set for the requests of a source."""
    await ctx.edit_or_send(_page(ctx, await _source(ctx, button.source_id)))


@router.callback(AskRequestPart, right=Right.SOURCES)
async def prompt_for_part(ctx: HandlerContext, button: AskRequestPart) -> None:
    """Prompt for a part."""
    _must_be_allowed(ctx.role, button.part)
    await _source(ctx, button.source_id)
    await SETTING.open(ctx, RequestState(source_id=button.source_id, part=button.part))
    await ctx.answer_callback()
    await ctx.prompt("request-ask", cancel_keyboard(ctx), part=button.part)


@SETTING.on_message
async def on_part(ctx: HandlerContext, state: RequestState) -> None:
    """Set the part that the message holds, delete the message, and show what is set by then."""
    # After a crash the message comes again as it is stored by then, without its text: it was set.
    if ctx.whole_text != REMOVED:
        await _set(ctx, state)
    await ctx.close_dialogue()
    await delete_message(ctx)
    await ctx.send(_page(ctx, await _source(ctx, state.source_id)))


@router.callback(RemoveRequestPart, right=Right.SOURCES)
async def remove(ctx: HandlerContext, button: RemoveRequestPart) -> None:
    """Remove a part, once somebody is sure."""
    source = await _source(ctx, button.source_id)
    setting = next(
        (request_setting for request_setting in source.requests if _tag(request_setting) == button.tag), None
    )
    if setting is None:
        raise UserError("stale-button")
    _must_be_allowed(ctx.role, setting.part)
    if button.sure is None:
        await ctx.edit_or_send(_question(ctx, button, setting))
        return
    requests = ctx.services.source_requests
    await requests.remove(source.id, setting.part, setting.name, actor_id=ctx.user_id)
    await ctx.edit_or_send(_page(ctx, await _source(ctx, source.id)))
    await ctx.answer_callback("request-removed")


def _must_be_allowed(role: Role | None, part: RequestPart) -> None:
    """Raise UserError for a proxy, which only owners name: it may stand in a private network."""
    if part is RequestPart.PROXY and not may(role, Right.PROXIES):
        raise UserError("not-allowed")


async def _set(ctx: HandlerContext, state: RequestState) -> None:
    requests, message = ctx.services.source_requests, SecretMessage(ctx.chat_id, ctx.message_id)
    try:
        _must_be_allowed(ctx.role, state.part)
        await requests.set(state.source_id, state.part, ctx.whole_text, actor_id=ctx.user_id, message=message)
    except UserError:
        await discard_message(ctx)
        raise


async def _source(ctx: HandlerContext, source_id: int) -> Source:
    async with ctx.services.database.read() as connection:
        return await find_source(connection, source_id)


def _tag(setting: RequestSetting) -> str:
    return blake2b("\n".join(key_of(setting)).encode(), digest_size=8).hexdigest()


def _page(ctx: HandlerContext, source: Source) -> Message:
    """Return the page of a source's requests."""
    texts = ctx.texts
    name = texts.apart(cut(name_of(source), _NAME))
    lines = [texts.html("source-requests-title", title=name), texts.html("source-requests-hint"), ""]
    lines += [_line(ctx, source, request_setting) for request_setting in source.requests] or [
        texts.html("source-requests-none")
    ]
    parts = [part for part in RequestPart if part is not RequestPart.PROXY or may(ctx.role, Right.PROXIES)]
    setting = [Button(f"➕ {_part_name(texts, part)}", AskRequestPart(source.id, part).pack()) for part in parts]
    removing = [
        Button(
            texts(
                "button-request-remove",
                what=cut(_part_name(texts, request_setting.part, request_setting.name), _ON_A_BUTTON),
            ),
            RemoveRequestPart(source.id, _tag(request_setting)).pack(),
        )
        for request_setting in source.requests
        if request_setting.part in parts
    ]
    back: Keyboard = ((Button(texts("button-back"), SourcePage(source.id).pack()),),)
    return Message("\n".join(lines), in_rows(setting, 2) + in_rows(removing, 1) + back)


def _line(ctx: HandlerContext, source: Source, setting: RequestSetting) -> str:
    texts = ctx.texts
    facts = [_part_name(texts, setting.part, setting.name)]
    if setting.origin not in ("", source_origin(source)):
        facts.append(texts("request-only-for", origin=setting.origin))
    if not ctx.services.source_requests.is_readable(setting):
        facts.append(f"⚠️ {texts('request-unreadable')}")
    return f"{texts.mark}• {escape(texts.facts(*facts))}"


def _part_name(texts: Texts, part: RequestPart, name: str = "") -> str:
    """Return the name of a part, with that of a header or cookie behind it."""
    part_name = texts("request-part", part=part)
    return f"{part_name} {texts.apart(name)}" if name else part_name


def _question(ctx: HandlerContext, button: RemoveRequestPart, setting: RequestSetting) -> Message:
    texts = ctx.texts
    sure = RemoveRequestPart(button.source_id, button.tag, "y")
    yes = Button(texts("button-request-remove-yes"), sure.pack(), style=ButtonStyle.DANGER)
    no = Button(texts("button-cancel"), ShowSourceRequests(button.source_id).pack())
    question = texts.html("request-remove-ask", what=_part_name(texts, setting.part, setting.name))
    return Message(question, question_keyboard(ctx, yes, no))
