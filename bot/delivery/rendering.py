"""Messages for chats, rendered once for each article, revision, language and post style."""

import json
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from bot.locales.catalog import Catalog, Texts
from bot.locales.zones import UTC, zone_of
from bot.render.announcement import announcement
from bot.render.article import Counts, paged_text, reader_keyboard, rich_text
from bot.render.attachments import as_link, as_message, placed
from bot.render.digest import digest
from bot.render.headline import article_link, headline
from bot.render.language import HasLanguage, language_of
from bot.render.message import SAME_MEDIA, Button, Message
from bot.telegram.encoding import EncodedMessage, plain, prepare
from bot.telegram.errors import about
from bot.telegram.photos import Photos
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import SHARED, Article, ArticleRevision, ArticleState, Chat, Form, SentMessage

_KEPT = 512


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to be pushed. Equal keys stand for equal messages; `body` is how the ledger keeps it.

    `is_plain` means that its markup was refused and taken out, `is_refused` that this rich message is not taken.
    """

    key: str
    form: Form
    language: str
    message: Message
    prepared: EncodedMessage
    body: str
    is_plain: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    """The variant of a push: its language, time zone, form and post style.

    A SHARED form bears the day of `at` (ms) in the zone, and how many headlines it has `left` out.
    """

    language: str
    timezone: str
    form: Form
    at: int
    post_style: PostStyle = USUAL_STYLE
    left: int = 0


class Composer:
    """Renders for chats in their language and time zone, and remembers what it rendered last."""

    def __init__(self, catalog: Catalog, bot_username: str, default_language: str, photos: Photos) -> None:
        self._photos = photos
        self._catalog = catalog
        self._bot_username = bot_username
        self._default = default_language
        self._composed: OrderedDict[str, Composed] = OrderedDict()

    def language(self, chat: HasLanguage) -> str:
        """Return the language in which the chat is spoken to."""
        return language_of(chat, self._default, self._catalog.languages)

    def key(
        self,
        shown: Sequence[ArticleRevision],
        rendition: Rendition,
        *,
        breaking: Collection[int] = (),
    ) -> str:
        """Return the key of a push of these revisions: pushes with equal keys say the same.

        `breaking` are those of the articles that are breaking news now.
        """
        articles = ",".join(f"{id_}.{number}{'!' if id_ in breaking else ''}" for id_, number in shown)
        # Whoever looks for an article's payloads reads commas as borders.
        style = "" if rendition.post_style == USUAL_STYLE else f":{quote(str(rendition.post_style))}"
        return f"{articles}:{rendition.language}:{rendition.timezone}{_day(rendition)}{style}"

    def remembered(self, key: str) -> Composed | None:
        """Return what was composed under the key a moment ago."""
        if (composed := self._composed.get(key)) is not None:
            self._composed.move_to_end(key)
            message = self._photos.settled(composed.message)
            if message is not composed.message:
                form = Form.PHOTO if message.media else Form.HEADLINE
                composed = replace(composed, form=form, message=message, prepared=prepare(message))
                self._composed[key] = composed
        return composed

    def compose(self, key: str, articles: Sequence[Article], rendition: Rendition) -> Composed:
        """Return the headline of one article, or several in a SHARED form, and remember it under `key`.

        A headline under an attachment is a PHOTO, whichever of the two is asked for.
        """
        texts, form = self._texts(rendition.language, rendition.timezone), rendition.form
        if form in SHARED:
            message = self._shared(articles, texts, form, rendition.at, left=rendition.left)
        else:
            message = self._photos.settled(self._single(articles[0], texts, rendition.post_style))
            form = Form.PHOTO if message.media else Form.HEADLINE
        body = json.dumps(message.to_json(), ensure_ascii=False)
        composed = Composed(key, form, rendition.language, message, prepare(message), body)
        self._composed[key] = composed
        if len(self._composed) > _KEPT:
            self._composed.popitem(last=False)
        return composed

    def without_markup(self, composed: Composed, refusal: str) -> bool:
        """Record that Telegram refused the markup of a text; False where it has none or that was known."""
        known = self._composed.get(composed.key)
        if not refusal or known is None or known.is_plain:
            return False
        message = plain(known.message, about(refusal))
        self._composed[composed.key] = replace(known, message=message, prepared=prepare(message), is_plain=True)
        return True

    def without_rich(self, composed: Composed) -> None:
        """Record that Telegram refused a rich message, so that its articles are sent in another form."""
        self._composed[composed.key] = replace(composed, is_refused=True)

    def anew(
        self,
        copy: SentMessage,
        articles: Sequence[Article],
        chat: Chat,
        *,
        style: PostStyle,
        saved: bool,
        counts: Counts,
        last: bool,
    ) -> Message | None:
        """Render a copy from its articles' current revisions, in a post style; None if none of them may be shown.

        `articles` are those of the copy's articles that readers may see, `saved` is whether the reader keeps the
        article of a full text, `counts` what there is beside it, `last` whether this is the last message of one:
        what it has no room for then is behind a button.
        """
        if not articles:
            return None
        texts = self._texts(copy.language, chat.timezone)
        if copy.form in SHARED:
            return self._shared(articles, texts, copy.form, copy.created_at, left=copy.left_out)
        if copy.form in (Form.HEADLINE, Form.PHOTO):
            # A text stays a text and a photo a photo, if need be the same: Telegram makes neither of the other.
            message = self._single(articles[0], texts, style, as_caption=copy.form is Form.PHOTO)
            return replace(message, media=(message.media or SAME_MEDIA) if copy.form is Form.PHOTO else "")
        if copy.form in (Form.MEDIA, Form.MEDIA_LINK):
            return _attachment(copy, articles[0], texts)
        keyboard = reader_keyboard(articles[0], texts, self._bot_username, saved=saved, counts=counts)
        parts = (
            rich_text(articles[0], texts, keyboard, style=style)
            if copy.form is Form.RICH
            else paged_text(articles[0], texts, keyboard)[:1]
        )
        if copy.part >= len(parts):
            return None
        if last and copy.part + 1 < len(parts):
            # A message more cannot be put between those that came after this one.
            more = Button(texts("button-rest"), url=article_link(self._bot_username, articles[0].id))
            return replace(parts[copy.part], keyboard=((more,), *keyboard))
        return parts[copy.part]

    def tombstone(self, copy: SentMessage, chat: Chat, *, withdrawn: bool) -> Message:
        """Return what stands where a message cannot be deleted; it repeats nothing of what it said.

        Its article is `withdrawn`, or has become so short that nothing is left for this message.
        """
        key = "announcement-retracted" if (copy.article_id or 0) < 0 else "article-retracted"
        words = self._texts(copy.language, chat.timezone).html(key if withdrawn else "part-empty")
        return Message(words, media=SAME_MEDIA if copy.form in (Form.PHOTO, Form.MEDIA) else "")

    def _shared(self, articles: Sequence[Article], texts: Texts, form: Form, at: int, *, left: int) -> Message:
        return digest(articles, texts, self._bot_username, at, rich=form is Form.DIGEST, left=left)

    def _single(self, article: Article, texts: Texts, style: PostStyle, *, as_caption: bool = False) -> Message:
        if article.state is ArticleState.ANNOUNCED:
            return announcement(article.content.body, texts)
        return headline(article, texts, self._bot_username, style=style, as_caption=as_caption)

    def _texts(self, language: str, timezone: str) -> Texts:
        known = language if language in self._catalog.languages else self._default
        return self._catalog.bind(known, zone_of(timezone, UTC))


def _attachment(copy: SentMessage, article: Article, texts: Texts) -> Message | None:
    """Return the attachment that a copy shows, as it is now; None where the article has it no more."""
    media = placed(article.content).get(copy.part)
    if media is None:
        return None
    return as_message(media) if copy.form is Form.MEDIA else as_link(media, texts)


def _day(rendition: Rendition) -> str:
    """Return what a key says of a form that bears a day, "" for one that does not."""
    if rendition.form not in SHARED:
        return ""
    shape = f"{rendition.form}+{rendition.left}" if rendition.left else rendition.form
    return f":{shape}:{datetime.fromtimestamp(rendition.at / 1000, zone_of(rendition.timezone, UTC)):%F}"
