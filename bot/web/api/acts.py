"""Acts of the API's clients on articles, by the rights of their roles."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import UnsetType

from bot.errors import NotFoundError, SourceError, UserError
from bot.ingest.fetch.turns import Ticket, Urgency
from bot.ingest.parsing.parser import Parser
from bot.newsroom.article_lists import ArticleLists
from bot.newsroom.articles import Newsroom
from bot.newsroom.body_paragraphs import checked_body
from bot.newsroom.formatting import FormattedText, checked_link
from bot.newsroom.limits import BODY_LINES
from bot.newsroom.permissions import Right, may
from bot.newsroom.post_parser import checked, checked_note
from bot.newsroom.submissions import Placement, Submission, Submissions, Submitted
from bot.newsroom.tags import checked_tags
from bot.web.api.clients import Client
from bot.web.api.messages import ArticleAct, ArticleInput, Correct, Publish, Retract
from bot.web.api.quota import Quota
from persian.foreign_text import clean, one_line
from storage.api_creations import CreationKey
from storage.records import Article, ArticleState, Block, Category, Content, Provenance


@dataclass(frozen=True, slots=True)
class ApiServices:
    """The services of the newsroom that the API uses; `parser` reads HTML, `quota` limits the clients."""

    newsroom: Newsroom
    submissions: Submissions
    lists: ArticleLists
    parser: Parser
    quota: Quota


class ArticleActs:
    """Creates and changes articles for clients. Raises UserError where a request cannot be done."""

    def __init__(self, services: ApiServices) -> None:
        self._services = services

    async def create(self, client: Client, new: ArticleInput, *, key: str, body: bytes) -> Submitted:
        """Create an article, once for each `key`; `body` is the request as it came."""
        placement = Placement(new.action)
        _require(client, Right.PUBLISH if placement is Placement.PUBLISH else Right.WRITE)
        category = await self._services.lists.category(new.category)
        content = Content(
            title=_title(category, new.title, new.lead),
            lead=one_line(new.lead),
            body=await self._body(client, category, new.title, text=new.body, markup=new.body_html),
            photo=_link(new.photo),
            link=_link(new.link),
            tags=checked_tags(",".join(new.tags)),
            byline=one_line(new.byline),
            section=one_line(new.section),
        )
        provenance = Provenance(origin=client.name, language=new.language, author_id=client.actor_id)
        creation = CreationKey(client.actor_id, key, hashlib.sha256(body).hexdigest())
        submission = Submission(content, category.id, provenance, placement, new.breaking)
        return await self._services.submissions.submit(creation, submission)

    async def act(self, client: Client, article_id: int, act: ArticleAct) -> Article:
        """Do an act on an article that the client may work on."""
        article = await self.visible(client, article_id)
        newsroom = self._services.newsroom
        match act:
            case Publish(breaking=breaking, revision=revision):
                _require(client, Right.PUBLISH)
                return await newsroom.publish(
                    article.id, actor_id=client.actor_id, breaking=breaking, expected=revision
                )
            case Retract(reason=reason):
                _require(client, Right.PUBLISH)
                return await newsroom.retract(article.id, one_line(reason), actor_id=client.actor_id)
            case Correct():
                return await self._correct(client, article, act)

    async def visible(self, client: Client, article_id: int) -> Article:
        """Return an article that the client may see: its own, what is published, for editors any."""
        article = await self._services.lists.get(article_id)
        own = article.author_id == client.actor_id
        if not (own or article.state is ArticleState.PUBLISHED or may(client.role, Right.EDIT)):
            raise NotFoundError("article-not-found", id=article_id)
        return article

    async def _correct(self, client: Client, article: Article, act: Correct) -> Article:
        unseen = article.state in (ArticleState.DRAFT, ArticleState.REVIEW)
        if not (unseen and article.author_id == client.actor_id):
            _require(client, Right.EDIT)
        category = article.category
        if not isinstance(act.category, UnsetType):
            category = await self._services.lists.category(act.category)
        old = article.content
        title = _given(act.title, old.title)
        lead = _given(act.lead, old.lead)
        body = old.body
        if not isinstance(act.body, UnsetType) or not isinstance(act.body_html, UnsetType):
            text, markup = _given(act.body, ""), _given(act.body_html, "")
            body = await self._body(client, category, title, text=text, markup=markup)
        content = replace(
            old,
            title=_title(category, title, lead),
            lead=one_line(lead),
            body=body,
            photo=old.photo if isinstance(act.photo, UnsetType) else _link(act.photo),
            link=old.link if isinstance(act.link, UnsetType) else _link(act.link),
            tags=old.tags if isinstance(act.tags, UnsetType) else checked_tags(",".join(act.tags)),
            byline=one_line(_given(act.byline, old.byline)),
            section=one_line(_given(act.section, old.section)),
            note=checked_note(act.note) if act.note else old.note,
        )
        return await self._services.newsroom.edit(
            article.id,
            content,
            expected=act.revision,
            editor_id=client.actor_id,
            category_id=category.id,
            state=article.state,
        )

    async def _body(
        self, client: Client, category: Category, title: str, *, text: str, markup: str
    ) -> tuple[Block, ...]:
        if not markup:
            return checked(category, title, "", _lines(text)).body
        if text:
            raise UserError("api-two-bodies")
        try:
            ticket = Ticket(Urgency.URGENT, client.actor_id)
            return checked_body(await self._services.parser.blocks(markup, ticket=ticket))
        except SourceError as error:
            raise UserError("import-unreadable", reason=str(error)) from error


def _require(client: Client, right: Right) -> None:
    if not may(client.role, right):
        raise UserError("not-allowed")


def _title(category: Category, title: str, lead: str) -> str:
    """Return the title as one line. Raises UserError where it, or the lead, cannot be so."""
    return checked(category, title, lead, ()).title


def _lines(text: str) -> Sequence[FormattedText]:
    """Return a body's lines. Raises UserError where it has too many, before they are made."""
    cleaned = clean(text)
    length = len(cleaned.splitlines())
    if length > BODY_LINES:
        raise UserError("post-too-many-lines", most=BODY_LINES, length=length)
    return FormattedText(cleaned).lines()


def _link(address: str) -> str:
    """Return an address that is safe to show. Raises UserError for any other, "" but for none."""
    link = checked_link(address.strip())
    if address.strip() and not link:
        raise UserError("link-unreadable")
    return link


def _given(value: str | UnsetType, before: str) -> str:
    return before if isinstance(value, UnsetType) else value
