"""Rules of sources by buttons: their list, a new one that is tried before it is saved, and removal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec.structs import replace

from bot.errors import NotFoundError, UserError
from bot.ingest.routing.rules import checked_argument
from bot.ingest.sources.callbacks import SourceId, SourceList, SourcePage
from bot.ingest.sources.source_admin import find_source, try_rule
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, CategoryId, Stamp, number
from bot.render.headline import category_label, category_name
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, question_keyboard
from handlers.core.labels import in_rows, turns_by_offset, window
from handlers.core.router import Router
from handlers.staff.callbacks import ALL_SOURCES, ListSourceRules
from handlers.staff.source_labels import linked
from storage import categories, source_rules
from storage.engine.connection import Connection
from storage.records import Article, Category, RuleAction, Source, SourceRule

router = Router()

RuleId = Annotated[int, number(9)]
"""The id of a rule."""

_PAGE = 8
_QUERY = 200
_QUERY_ON_BUTTON = 20
_HITS_SHOWN = 10
_TITLE = 80


class RuleState(DialogueState, frozen=True, kw_only=True):
    """The rule that is being made: of which source (ALL_SOURCES for all), what it does, and its search."""

    step: Literal["tag", "words", "confirm"]
    source: int
    action: RuleAction
    argument: str = ""
    query: str = ""


RULE = router.dialogue(
    Dialogue("rule", RuleState, right=Right.SOURCES, takes_every_word=True, ends_on=NotFoundError)
)
"""The dialogue in which a rule's search, and its tag, are written."""


@dataclass(frozen=True, slots=True)
class AskRuleAction(CallbackData, prefix="rule:new"):
    """Shows the actions of a new rule."""

    source_id: SourceId


@dataclass(frozen=True, slots=True)
class ChooseRuleAction(CallbackData, prefix="rule:new"):
    """Chooses what a new rule does, and asks for the rest."""

    source_id: SourceId
    action: RuleAction


@dataclass(frozen=True, slots=True)
class ChooseRuleCategory(CallbackData, prefix="rule:new"):
    """Chooses the category to which a new rule moves items, and asks for its search."""

    source_id: SourceId
    word: Literal["cat"] = field(default="cat", kw_only=True)
    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class RewriteRule(CallbackData, prefix="rule:again"):
    """Prompts for another search of the rule that was tried."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SaveRule(CallbackData, prefix="rule:save"):
    """Stores the rule that was tried."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class LeaveRule(CallbackData, prefix="rule:no"):
    """Leaves the rule that was tried."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class RemoveRule(CallbackData, prefix="rule:drop"):
    """Removes a rule, and shows the list from which it was asked; asks first where nobody is `sure`."""

    rule_id: RuleId
    source_id: SourceId
    sure: Literal["y"] | None = None


@router.callback(ListSourceRules, right=Right.SOURCES)
async def list_rules(ctx: HandlerContext, button: ListSourceRules) -> None:
    """Show a page of the rules that hold for a source, or of those of all sources."""
    await ctx.edit_or_send(await _list(ctx, button.source_id, button.offset))


@router.callback(AskRuleAction, right=Right.SOURCES)
async def show_actions(ctx: HandlerContext, button: AskRuleAction) -> None:
    """Show what a rule can do."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        scope = await _scope(connection, button.source_id, texts)
    buttons = [
        Button(texts(f"button-rule-{action}"), ChooseRuleAction(button.source_id, action).pack())
        for action in RuleAction
    ]
    back = ((Button(texts("button-back"), ListSourceRules(button.source_id, 0).pack()),),)
    await ctx.edit_or_send(Message(f"{scope}\n\n{texts.html('rule-action-ask')}", in_rows(buttons, 2) + back))


@router.callback(ChooseRuleAction, right=Right.SOURCES)
async def choose_action(ctx: HandlerContext, button: ChooseRuleAction) -> None:
    """Prompt for what the action needs, else for the search."""
    async with ctx.services.database.read() as connection:
        scope = await _scope(connection, button.source_id, ctx.texts)
        known = await categories.all_(connection)
    if button.action is RuleAction.CATEGORY:
        buttons = [
            Button(
                category_label(category, ctx.texts),
                ChooseRuleCategory(button.source_id, category_id=category.id).pack(),
            )
            for category in known
        ]
        back = ((Button(ctx.texts("button-back"), AskRuleAction(button.source_id).pack()),),)
        question = ctx.texts.html("rule-category-ask")
        await ctx.edit_or_send(Message(f"{scope}\n\n{question}", in_rows(buttons, 2) + back))
        return
    step: Literal["tag", "words"] = "tag" if button.action is RuleAction.TAG else "words"
    await _prompt_for_words(ctx, RuleState(step=step, source=button.source_id, action=button.action))


@router.callback(ChooseRuleCategory, right=Right.SOURCES)
async def choose_category(ctx: HandlerContext, button: ChooseRuleCategory) -> None:
    """Prompt for the search of what is moved to a category."""
    async with ctx.services.database.read() as connection:
        await _scope(connection, button.source_id, ctx.texts)
        category = await categories.get(connection, button.category_id)
    if category is None:
        raise NotFoundError("category-gone")
    state = RuleState(step="words", source=button.source_id, action=RuleAction.CATEGORY, argument=category.slug)
    await _prompt_for_words(ctx, state)


@RULE.on_message
async def on_text(ctx: HandlerContext, state: RuleState) -> None:
    """Store the tag in the message, or try the search in it."""
    if state.is_aside:
        # The process was stopped between the trial and its answer: the trial is done, the answer is owed.
        await _send_trial(ctx, state)
    elif state.step == "tag":
        tag = checked_argument(RuleAction.TAG, ctx.words, ())
        await _prompt_for_words(ctx, replace(state, step="words", argument=tag))
    else:
        await _send_trial(ctx, replace(state, query=" ".join(ctx.words.split())))


@router.callback(RewriteRule, right=Right.SOURCES)
async def rewrite(ctx: HandlerContext, button: RewriteRule) -> None:
    """Prompt for another search."""
    await _prompt_for_words(ctx, replace(await _tried(ctx, button.stamp), step="words"))


@router.callback(SaveRule, right=Right.SOURCES)
async def save(ctx: HandlerContext, button: SaveRule) -> None:
    """Store the rule, and show the list that it stands in now."""
    state = await _tried(ctx, button.stamp)
    await ctx.services.source_admin.add_rule(
        state.source or None, state.query, state.action, state.argument, actor_id=ctx.user_id
    )
    await ctx.close_dialogue()
    await ctx.edit_or_send(await _list(ctx, state.source, 0))
    await ctx.answer_callback("rule-saved")


@router.callback(LeaveRule, right=Right.SOURCES)
async def leave(ctx: HandlerContext, button: LeaveRule) -> None:
    """Store nothing."""
    await confirmations.leave(ctx, waits=await RULE.waiting(ctx, button.stamp) is not None)


@router.callback(RemoveRule, right=Right.SOURCES)
async def remove(ctx: HandlerContext, button: RemoveRule) -> None:
    """Remove a rule after a yes, and show the list without it."""
    texts = ctx.texts
    if button.sure:
        await ctx.services.source_admin.remove_rule(button.rule_id, actor_id=ctx.user_id)
        await ctx.edit_or_send(await _list(ctx, button.source_id, 0))
        await ctx.answer_callback("noted")
        return
    async with ctx.services.database.read() as connection:
        rule = await source_rules.get(connection, button.rule_id)
        known = await categories.all_(connection)
    if rule is None:
        raise NotFoundError("rule-unknown")
    key = "rule-remove-all-sure" if rule.source_id is None else "rule-remove-sure"
    yes = Button(
        texts("button-yes-remove-rule"), RemoveRule(rule.id, button.source_id, "y").pack(), style=ButtonStyle.DANGER
    )
    back = Button(texts("button-back"), ListSourceRules(button.source_id, 0).pack())
    question = f"{texts.html(key)}\n\n{_rule_line(rule, texts, known)}"
    await ctx.edit_or_send(Message(question, question_keyboard(ctx, yes, back, stacked=True)))


async def _prompt_for_words(ctx: HandlerContext, state: RuleState) -> None:
    await RULE.open(ctx, state)
    await ctx.answer_callback()
    await ctx.prompt("rule-tag-ask" if state.step == "tag" else "rule-words-ask", cancel_keyboard(ctx))


async def _tried(ctx: HandlerContext, stamp: int) -> RuleState:
    """Return the rule under a trial with that stamp. Raises UserError for a stale one."""
    state = await RULE.waiting(ctx, stamp)
    if state is None:
        raise UserError("stale-button")
    return state


async def _send_trial(ctx: HandlerContext, state: RuleState) -> None:
    """Send which of the newest items the rule finds, and ask whether to store it."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        scope = await _scope(connection, state.source, texts)
        known = await categories.all_(connection)
        tried = await try_rule(connection, state.source or None, state.query)
    rule = SourceRule(0, state.source or None, state.query, state.action, state.argument)
    lines = [scope, _rule_line(rule, texts, known), "", *_trial(tried, texts)]
    stamp = await RULE.put_aside(ctx, state)
    keyboard = (
        (Button(texts("button-rule-save"), SaveRule(stamp).pack(), style=ButtonStyle.PRIMARY),),
        (
            Button(texts("button-rule-again"), RewriteRule(stamp).pack()),
            Button(texts("button-cancel"), LeaveRule(stamp).pack()),
        ),
    )
    await ctx.send(Message("\n".join(lines), keyboard))


def _trial(tried: Sequence[tuple[Article, bool]], texts: Texts) -> list[str]:
    """Return the result of a trial as lines of HTML."""
    if not tried:
        return [texts.html("rule-tried-nothing")]
    hits = [article for article, hit in tried if hit]
    lines = [texts.html("rule-tried", hits=len(hits), count=len(tried))]
    lines += [f"{texts.mark}▪️ {escape(cut(hit.content.title, _TITLE))}" for hit in hits[:_HITS_SHOWN]]
    if len(hits) > _HITS_SHOWN:
        lines.append(texts.html("rule-tried-more", count=len(hits) - _HITS_SHOWN))
    return lines


async def _list(ctx: HandlerContext, source_id: int, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        scope = await _scope(connection, source_id, texts)
        rules = await source_rules.of_source(connection, source_id or None)
        known = await categories.all_(connection)
    page, offset = window(rules, offset, _PAGE)
    lines = [texts.html("rules-title"), scope]
    buttons = []
    for place, rule in enumerate(page, offset + 1):
        at = texts.digits(f"{place}. ")
        of_all = source_id != ALL_SOURCES and rule.source_id is None
        lines += ["", f"{texts.mark}{at}{_rule_line(rule, texts, known)}"]
        lines += [texts.html("rule-of-all")] if of_all else []
        label = texts("button-rule-remove", place=place, query=cut(rule.query, _QUERY_ON_BUTTON))
        buttons.append(Button(label, RemoveRule(rule.id, source_id).pack()))
    if not rules:
        lines += ["", texts.html("rules-none")]
    more = offset + len(page) < len(rules)
    turns = turns_by_offset(texts, lambda at: ListSourceRules(source_id, at), offset, _PAGE, more=more)
    add = (Button(texts("button-rule-add"), AskRuleAction(source_id).pack()),)
    around = [Button(texts("button-back"), _above(source_id).pack())]
    if source_id != ALL_SOURCES:
        around.append(Button(texts("button-rules-of-all"), ListSourceRules(ALL_SOURCES, 0).pack()))
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, add, tuple(around)))


def _above(source_id: int) -> CallbackData:
    return SourceList(0) if source_id == ALL_SOURCES else SourcePage(source_id)


def _rule_line(rule: SourceRule, texts: Texts, known: Sequence[Category]) -> str:
    """Return what a rule does, and to which items, as HTML."""
    names = {category.slug: category_name(category, texts) for category in known}
    effect = texts.html(f"rule-{rule.action}", argument=_argument(rule, names))
    return f"{effect}: <code>{escape(cut(rule.query, _QUERY))}</code>"


def _argument(rule: SourceRule, names: Mapping[str, str]) -> str:
    return names.get(rule.argument, rule.argument) if rule.action is RuleAction.CATEGORY else rule.argument


async def _scope(connection: Connection, source_id: int, texts: Texts) -> str:
    """Return the sources for which rules hold, as HTML. Raises NotFoundError for one that is no more."""
    if source_id == ALL_SOURCES:
        return texts.html("rules-of-all")
    source: Source = await find_source(connection, source_id)
    return linked(source, texts)
