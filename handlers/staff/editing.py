"""/edit and /correct: another title, lead, body, photo, category, section, source, other tags or attachments."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, assert_never

from msgspec.structs import replace

from bot.errors import NotFoundError, UserError
from bot.newsroom.article_edits import (
    AddMedia,
    ArticleEdit,
    SetBody,
    SetCategory,
    SetLead,
    SetLink,
    SetParagraph,
    SetPhoto,
    SetSection,
    SetTags,
    SetTitle,
    edited,
)
from bot.newsroom.body_paragraphs import paragraphs_of
from bot.newsroom.callbacks import AskCopyEdit, EditInReview
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.permissions import Right
from bot.newsroom.post_parser import SPLIT_FROM, join_parts, with_more
from bot.render.callback_data import ArticleId, CallbackData, number
from bot.render.callbacks import PreviewPage
from bot.render.headline import category_label
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.core import message_media
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard, done_keyboard
from handlers.core.labels import in_rows, marked
from handlers.core.router import Router
from handlers.staff import conflicts, current_text, message_content
from handlers.staff.article_access import article_to_correct, editable, named_article, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.callbacks import (
    AskParagraph,
    AskPart,
    AskWords,
    EditArticle,
    ListAttachments,
    ListParagraphs,
    Part,
    TakeOver,
    WholePart,
)
from handlers.staff.edit_lock import lock_refused, locked_article
from handlers.staff.part_changes import EDIT, EditState, change
from storage import categories
from storage.records import DRAFT_STATES, Article, ArticleState

router = Router()
router.dialogue(EDIT)

_WRITTEN: tuple[WholePart, ...] = (Part.TITLE, Part.LEAD, Part.BODY)
_PARAGRAPHS = 24
"""The paragraphs that one can choose from without another press."""
_PARAGRAPHS_IN_A_ROW = 6
_OPENING = 48
_FACTS: tuple[WholePart, ...] = (Part.SECTION, Part.TAGS, Part.LINK)


@dataclass(frozen=True, slots=True)
class ChangeCategory(CallbackData, prefix="edit"):
    """Changes the category of an article."""

    article_id: ArticleId
    word: Literal["cat"] = field(default="cat", kw_only=True)
    category_id: Annotated[int, number(9)]


@dataclass(frozen=True, slots=True)
class ClearFact(CallbackData, prefix="edit"):
    """Removes the section, the tags or the source."""

    article_id: ArticleId
    fact: Literal[Part.SECTION, Part.TAGS, Part.LINK]
    word: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class ListCategories(CallbackData, prefix="edit"):
    """Shows the categories to choose from."""

    article_id: ArticleId
    word: Literal["cat"] = "cat"


@dataclass(frozen=True, slots=True)
class RemovePhoto(CallbackData, prefix="edit"):
    """Removes the photo."""

    article_id: ArticleId
    word: Literal["nophoto"] = "nophoto"


@router.command("edit", right=Right.WRITE)
@or_choice("edit")
async def edit(ctx: HandlerContext) -> None:
    """/edit ID: which part to change."""
    await _choose_part(ctx, editable(ctx, await named_article(ctx, "edit-usage")))


@router.command("correct", right=Right.PUBLISH)
@or_choice("correct")
async def correct(ctx: HandlerContext) -> None:
    """/correct ID: which part of a published article to change."""
    await _choose_part(ctx, await article_to_correct(ctx))


@router.callback(EditArticle, right=Right.WRITE)
async def on_edit(ctx: HandlerContext, button: EditArticle) -> None:
    """Prompt for the part to change."""
    await _choose_part(ctx, editable(ctx, await workable(ctx, button.article_id)))


@router.callback(EditInReview, right=Right.WRITE)
async def on_edit_in_review(ctx: HandlerContext, button: EditInReview) -> None:
    """Prompt for the part to change in a new message: a card stays as it is."""
    await _choose_part(ctx.as_command(), editable(ctx, await workable(ctx, button.article_id)))


@router.callback(TakeOver, right=Right.WRITE)
async def take_over(ctx: HandlerContext, button: TakeOver) -> None:
    """Take over the lock of an article, and prompt for the part to change."""
    article = editable(ctx, await workable(ctx, button.article_id))
    await ctx.services.edit_locks.take_over(article.id, ctx.user_id)
    await _choose_part(ctx, article)


@router.callback(AskPart, right=Right.WRITE)
async def prompt_for_part(ctx: HandlerContext, button: AskPart) -> None:
    """Prompt for a new part."""
    if article := await locked_article(ctx, button.article_id):
        await EDIT.open(ctx, EditState(id=article.id, revision=article.revision, field=button.part))
        keyboard = _under_question(ctx, article, button.part)
        question = ctx.texts.html(f"edit-{button.part.key}-ask", most=MOST_ATTACHMENTS)
        current = await current_text.current_text_html(ctx, article, button.part)
        await ctx.send(Message(f"{question}{current}", keyboard))


@router.callback(ClearFact, right=Right.WRITE)
async def clear_fact(ctx: HandlerContext, button: ClearFact) -> None:
    """Remove the section, the tags or the source."""
    if article := await locked_article(ctx, button.article_id):
        await change(ctx, article, article.revision, _edit_of(button.fact, FormattedText("")))


@router.callback(RemovePhoto, right=Right.WRITE)
async def remove_photo(ctx: HandlerContext, button: RemovePhoto) -> None:
    """Remove the photo."""
    if article := await locked_article(ctx, button.article_id):
        await change(ctx, article, article.revision, SetPhoto(""))


@router.callback(ListCategories, right=Right.WRITE)
async def list_categories(ctx: HandlerContext, button: ListCategories) -> None:
    """Show the categories to choose from."""
    if article := await locked_article(ctx, button.article_id):
        buttons = [
            Button(
                marked(category_label(category, ctx.texts), category.id == article.category.id),
                ChangeCategory(article.id, category.id).pack(),
            )
            for category in await ctx.services.subscriptions.categories()
        ]
        back = (Button(ctx.texts("button-back"), EditArticle(article.id).pack()),)
        await ctx.edit_or_send(Message(ctx.texts.html("edit-category-ask"), (*in_rows(buttons, 2), back)))


@router.callback(ChangeCategory, right=Right.WRITE)
async def choose_category(ctx: HandlerContext, button: ChangeCategory) -> None:
    """Set the article's category."""
    if article := await locked_article(ctx, button.article_id):
        async with ctx.services.database.read() as connection:
            if await categories.get(connection, button.category_id) is None:
                raise NotFoundError("category-gone")
        await change(ctx, article, article.revision, SetCategory(button.category_id))


@EDIT.on_message
async def on_message(ctx: HandlerContext, state: EditState) -> None:
    """Pass a text or photo to the part that is being edited."""
    await ctx.services.edit_locks.acquire(state.id, ctx.user_id)
    if state.seen == ctx.message_id:
        # The app was stopped between this message and its answer: it is kept, the answer is owed.
        await ctx.prompt("post-body-more", done_keyboard(ctx))
    elif state.field is Part.PHOTO:
        if not ctx.photo:
            raise UserError("edit-photo-wanted")
        await finish(ctx, replace(state, parts=(ctx.photo,)))
    elif state.field is Part.ATTACH:
        await _attach(ctx, state)
    elif not ctx.words:
        raise UserError("post-text-wanted")
    else:
        await _collect_text(ctx, state)


async def _collect_text(ctx: HandlerContext, state: EditState) -> None:
    """Collect what is written of a body until it is said to be all; any other part is one message.

    So is a paragraph, unless it is so long that a client may have split it.
    """
    more = replace(state, parts=with_more(state.parts, message_content.written(ctx)))
    long = state.field is Part.PARAGRAPH and (state.parts or ctx.units >= SPLIT_FROM)
    if state.field is not Part.BODY and not long:
        await finish(ctx, more)
        return
    await EDIT.open(ctx, more)
    if not state.parts:
        await ctx.prompt("post-body-more", done_keyboard(ctx))


@EDIT.on_finish
async def finish(ctx: HandlerContext, state: EditState) -> None:
    """Apply what was written to the revision at which the editor began."""
    if not state.parts and not state.media:
        raise UserError("post-not-finished")
    article = editable(ctx, await workable(ctx, state.id))
    text = join_parts([FormattedText.from_json(part) for part in state.parts])
    edit: ArticleEdit
    if state.field is Part.ATTACH:
        edit = AddMedia(state.media)
    elif state.field is Part.PARAGRAPH:
        edit = SetParagraph(state.index, state.before, text)
    else:
        edit = _edit_of(state.field, text)
    async with conflicts.offered(ctx, article.id, state.revision, edit):
        await change(ctx, article, state.revision, edit)


async def _attach(ctx: HandlerContext, state: EditState) -> None:
    """Collect one more attachment; the items of an album are answered once."""
    brought = message_media.attachment(ctx.message)
    if brought is None:
        raise UserError("edit-attach-wanted")
    media = state.media if brought in state.media else (*state.media, brought)
    edited(await workable(ctx, state.id), AddMedia(media))
    await EDIT.open(ctx, replace(state, media=media, group=ctx.message.media_group_id))
    if not message_media.continues_album(ctx.message, state.group):
        await ctx.prompt("attachments-kept", done_keyboard(ctx), count=len(media))


def _edit_of(
    part: Literal[Part.TITLE, Part.LEAD, Part.BODY, Part.PHOTO, Part.SECTION, Part.TAGS, Part.LINK],
    text: FormattedText,
) -> ArticleEdit:
    """Return the edit that sets a part to what was written; of a photo that is its file."""
    match part:
        case Part.TITLE:
            return SetTitle(text.text)
        case Part.LEAD:
            return SetLead(text.text)
        case Part.BODY:
            return SetBody(text)
        case Part.PHOTO:
            return SetPhoto(text.text)
        case Part.SECTION:
            return SetSection(text.text)
        case Part.TAGS:
            return SetTags(text.text)
        case Part.LINK:
            return SetLink(text.text)
        case _:
            assert_never(part)


async def _choose_part(ctx: HandlerContext, article: Article) -> None:
    if not await lock_refused(ctx, article):
        await ctx.edit_or_send(_parts(ctx, article))


def _parts(ctx: HandlerContext, article: Article) -> Message:
    texts = ctx.texts
    buttons = [Button(texts(f"button-edit-{part.key}"), AskPart(article.id, part).pack()) for part in _WRITTEN]
    buttons.append(Button(texts("button-edit-category"), ListCategories(article.id).pack()))
    buttons.append(Button(texts("button-edit-photo"), AskPart(article.id, Part.PHOTO).pack()))
    if article.content.photo:
        buttons.append(Button(texts("button-remove-photo"), RemovePhoto(article.id).pack()))
    buttons.append(Button(texts("button-edit-media"), ListAttachments(article.id).pack()))
    buttons += [Button(texts(f"button-edit-{part.key}"), AskPart(article.id, part).pack()) for part in _FACTS]
    buttons.append(Button(texts("button-edit-words"), AskWords(article.id).pack()))
    if article.state in DRAFT_STATES:
        buttons.append(Button(texts("button-copy-edit"), AskCopyEdit(article.id).pack()))
    back = (Button(texts("button-back"), PreviewPage(article.id).pack()),)
    key = "edit-which-published" if article.state is ArticleState.PUBLISHED else "edit-which"
    heading = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    lines, choices = _paragraphs(ctx, article)
    return Message("\n".join([heading, *lines]), (*in_rows(buttons, 2), *choices, back))


def _paragraphs(ctx: HandlerContext, article: Article) -> tuple[list[str], Keyboard]:
    """Return how the first paragraphs begin, as lines of HTML, and a button for each; one leads to the others."""
    texts, paragraphs = ctx.texts, paragraphs_of(article.content.body)
    if not paragraphs:
        return [], ()
    lines, buttons = ["", texts.html("edit-paragraphs")], []
    for place, (index, text) in enumerate(paragraphs[:_PARAGRAPHS], 1):
        opening = escape(cut(" ".join(text.split()), _OPENING))
        lines.append(f"{texts.mark}{texts.digits(f'{place}.')} {opening}")
        number = Button(
            texts("button-paragraph", place=place), AskParagraph(article.id, article.revision, index).pack()
        )
        buttons.append(number)
    rows = in_rows(buttons, _PARAGRAPHS_IN_A_ROW)
    if len(paragraphs) > _PARAGRAPHS:
        more = Button(texts("button-more-paragraphs"), ListParagraphs(article.id, _PARAGRAPHS).pack())
        return lines, (*rows, (more,))
    return lines, rows


def _without_retyping(ctx: HandlerContext, article: Article) -> list[Button]:
    """Return the buttons that change words or a paragraph and leave the rest as it is."""
    buttons = [Button(ctx.texts("button-edit-words"), AskWords(article.id).pack())]
    if paragraphs_of(article.content.body):
        buttons.append(Button(ctx.texts("button-edit-paragraph"), ListParagraphs(article.id, 0).pack()))
    return buttons


def _under_question(ctx: HandlerContext, article: Article, part: WholePart) -> Keyboard:
    match part:
        case Part.BODY:
            return (*done_keyboard(ctx), *in_rows(_without_retyping(ctx, article), 2))
        case Part.ATTACH:
            return done_keyboard(ctx)
        case Part.SECTION | Part.TAGS | Part.LINK if getattr(article.content, part.key):
            without = Button(ctx.texts(f"button-no-{part.key}"), ClearFact(article.id, part).pack())
            return ((without,), *cancel_keyboard(ctx))
        case _:
            return cancel_keyboard(ctx)
