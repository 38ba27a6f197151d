"""Questions to the newsroom about changes by a source: a new text, an emptied page, a page that is gone."""

from collections.abc import Callable
from enum import StrEnum

from bot.clock import Clock
from bot.errors import ConflictError
from bot.newsroom import review_steps
from bot.newsroom.acting import acting
from bot.newsroom.articles import must_get
from bot.newsroom.callbacks import AcceptProposal, DeclineProposal, OpenPreview, RetractVanished, ShowProposal
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from bot.newsroom.source_media import with_newsrooms_own
from bot.newsroom.stories import source_names
from bot.newsroom.transitions import Act, allows, require
from storage import articles, audit, fanouts, notices, proposals
from storage.audit_details import AddressDetails, AuditAction
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.proposals import Proposal
from storage.records import Article, ArticleState, Content, FanOutKind

_TITLE = 150
_DECISIONS = {
    AuditAction.ACCEPT_CHANGE: "proposal-was-accepted",
    AuditAction.DECLINE_CHANGE: "proposal-was-declined",
}


class Question(StrEnum):
    """A question to the newsroom: may this text replace ours, was it emptied on purpose, is it gone for good."""

    CHANGED = "changed"
    EMPTIED = "emptied"
    VANISHED = "vanished"


_ACTIONS = {
    Question.CHANGED: AuditAction.SOURCE_CHANGED,
    Question.EMPTIED: AuditAction.SOURCE_EMPTIED,
    Question.VANISHED: AuditAction.SOURCE_VANISHED,
}


async def request_decision(
    tx: Connection,
    article: Article,
    question: Question,
    *,
    now: int,
    content: Content | None = None,
    category_id: int,
) -> bool:
    """Enqueue cards about a source's change to everybody who may publish; False where they exist already.

    `content` is what the source says now, None where its page is gone.
    """
    if content is None:
        buttons = [("button-view", OpenPreview(article.id).pack())]
        if allows(Act.RETRACT, article.state):
            buttons.append(("button-retract", RetractVanished(article.id).pack()))
    else:
        proposed = Proposal(article.id, article.revision, content, category_id, asked_at=now)
        if not await proposals.put(tx, proposed):
            return False
        accept, decline = decision_buttons(article, proposed)
        buttons = [
            ("button-proposal-yes", accept.pack()),
            ("button-proposal-show", ShowProposal(article.id).pack()),
            ("button-proposal-no", decline.pack()),
        ]
    site = (await source_names(tx, [article]))[article.id] or "—"
    args: dict[str, str | int] = {"id": article.id, "title": article.content.title[:_TITLE], "site": site}
    for user_id in await chats_with_permission(tx, Right.PUBLISH):
        await notices.enqueue(tx, user_id, f"source-change-{question}", args, now=now, buttons=buttons)
    await audit.record(
        tx, audit.SOURCE, _ACTIONS[question], now=now, article_id=article.id, details=AddressDetails(article.url)
    )
    return True


def decision_buttons(article: Article, proposed: Proposal) -> tuple[AcceptProposal, DeclineProposal]:
    """Return the buttons of a yes and of a no: they name the revision and the question that were seen."""
    return (
        AcceptProposal(article.id, article.revision, proposed.asked_at),
        DeclineProposal(article.id, proposed.asked_at),
    )


def proposed_content(article: Article, proposed: Proposal) -> Content:
    """Return what an article says after a yes. What only the newsroom can have put there stays."""
    return with_newsrooms_own(proposed.content, article.content)


async def pending_proposal(connection: Connection, article_id: int, *, asked_at: int | None = None) -> Proposal:
    """Return what waits for a yes on an article; `asked_at` (ms) names the question that was seen.

    Raises ConflictError where nothing waits (any more), saying who decided, or the source has changed it again.
    """
    proposal = await proposals.get(connection, article_id)
    if proposal is None:
        raise await _decided(connection, article_id, since=asked_at or 0)
    if asked_at not in (None, proposal.asked_at):
        raise ConflictError("proposal-changed", id=article_id)
    return proposal


class SourceChanges:
    """Decisions about changes by sources. `wake` is called after a change of a published article.

    All raise UserError where the actor has no right to publish (any more).
    """

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def accept(self, article_id: int, *, revision: int, asked_at: int, actor_id: int) -> Article:
        """Store the proposal as a revision, and begin its fan-out to every copy.

        Raises ConflictError where the question of `asked_at` (ms) does not wait (any more), or the article was put
        away or has changed since `revision`.
        """
        async with acting(self._database, actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            proposed = await _end(tx, article_id, asked_at)
            require(Act.ACCEPT_CHANGE, article)
            number = await articles.revise(
                tx,
                article_id,
                articles.NewRevision(proposed_content(article, proposed), None, category_id=proposed.category_id),
                expected=revision,
                now=now,
            )
            if number is None:
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await review_steps.refresh_cards(tx, article_id, now=now)
            if article.state is ArticleState.PUBLISHED:
                await fanouts.begin(tx, article_id, FanOutKind.CORRECTION, now=now)
            await audit.record(
                tx, actor_id, AuditAction.ACCEPT_CHANGE, now=now, article_id=article_id, revision=number
            )
            revised = await must_get(tx, article_id)
        self._wake()
        return revised

    async def decline(self, article_id: int, *, asked_at: int, actor_id: int) -> None:
        """Leave the article as it is. Raises ConflictError where that question does not wait (any more)."""
        async with acting(self._database, actor_id, Right.PUBLISH) as tx:
            await must_get(tx, article_id)
            await _end(tx, article_id, asked_at)
            await audit.record(tx, actor_id, AuditAction.DECLINE_CHANGE, now=self._clock(), article_id=article_id)


async def _end(tx: Connection, article_id: int, asked_at: int) -> Proposal:
    """End what waits since `asked_at`, and return it. Raises what `pending_proposal` does."""
    proposal = await pending_proposal(tx, article_id, asked_at=asked_at)
    if not await proposals.end(tx, article_id, asked_at=asked_at):
        raise ConflictError("proposal-changed", id=article_id)
    return proposal


async def _decided(connection: Connection, article_id: int, *, since: int) -> ConflictError:
    """Return the error that says who decided about a question of `since` (ms), where somebody did."""
    last = await audit.last_of(connection, article_id, _DECISIONS)
    if last is None or last.at < since:
        return ConflictError("proposal-gone", id=article_id)
    return ConflictError(
        _DECISIONS[AuditAction(last.action)], id=article_id, name=await name_of(connection, last.actor_id)
    )
