"""The attachments of an article: those that a headline carries, and the messages for the others (pure)."""

from bot.locales.catalog import Texts
from bot.render.html import escape
from bot.render.media_limits import NEVER_REPLACED
from bot.render.message import Message
from storage.post_style import Photo
from storage.records import Content, Media, MediaKind

PLACES = 10
"""The places of each group of kinds that Telegram shows together in an album."""

_GROUPS = (
    (MediaKind.PHOTO, MediaKind.VIDEO),
    (MediaKind.DOCUMENT,),
    (MediaKind.AUDIO,),
    (MediaKind.ANIMATION,),
    (MediaKind.VOICE,),
    (MediaKind.VIDEO_NOTE,),
)
_ALONE = 3
"""The first group whose media stand in no album."""
_KINDS = (
    MediaKind.PHOTO,
    MediaKind.VIDEO,
    MediaKind.ANIMATION,
    MediaKind.AUDIO,
    MediaKind.VOICE,
    MediaKind.VIDEO_NOTE,
    MediaKind.DOCUMENT,
)
"""The kinds in the order in which the first of them leads a post, and in which they are counted."""


def attachments(content: Content) -> tuple[Media, ...]:
    """Return what goes with the article, its photo first. A photo by its address is shown with the text alone."""
    photo = (Media(MediaKind.PHOTO, content.photo),) if content.photo and "://" not in content.photo else ()
    return photo + content.media


def cover(content: Content, wanted: Photo = Photo.ATTACHED) -> Media | None:
    """Return what a headline carries: the first of the newsroom's attachments, photos before videos before others.

    Where ANY is wanted and nothing is attached, it is a source's photo by its address. A source's video or sound
    never leads a post: it goes with the full text. So does a voice message or a round video, for which Telegram
    takes no other medium afterwards: a correction would not reach it.
    """
    if wanted is Photo.NONE:
        return None
    kept = (
        medium for medium in attachments(content) if not medium.is_foreign and medium.kind not in NEVER_REPLACED
    )
    attached = min(kept, key=lambda medium: _KINDS.index(medium.kind), default=None)
    if attached is None and wanted is Photo.ANY and content.photo.startswith(("http://", "https://")):
        return Media(MediaKind.PHOTO, content.photo)
    return attached


def placed(content: Content) -> dict[int, Media]:
    """Return the attachments by their place: what is looked at, then documents, then sounds, then the others.

    Each group has places of its own, so that none of it ever takes the place of another's: in an album that cannot
    be changed.
    """
    media = attachments(content)
    return {
        place: medium
        for group, kinds in enumerate(_GROUPS)
        for place, medium in enumerate((medium for medium in media if medium.kind in kinds), group * PLACES)
    }


def album_of(place: int) -> int | None:
    """Return the number of the album that an attachment at a place may join, None for one that goes alone."""
    group = place // PLACES
    return group if group < _ALONE else None


def as_message(media: Media) -> Message:
    """Return an attachment as a message, with the title that its source gave it."""
    return Message(escape(media.title), media=media.file, media_kind=media.kind)


def as_link(media: Media, texts: Texts) -> Message:
    """Return a message that leads to a source's medium, for one that Telegram does not take."""
    link = f'<a href="{escape(media.file)}">{escape(name_of(media, texts))}</a>'
    return Message(texts.line(link), link_preview=True)


def in_words(content: Content, texts: Texts) -> str:
    """Return how many attachments of which kind there are, "" for none."""
    media = attachments(content)
    counts = ((kind, sum(medium.kind is kind for medium in media)) for kind in _KINDS)
    return texts("list-comma").join(texts(f"attached-{kind}", count=count) for kind, count in counts if count)


def name_of(media: Media, texts: Texts) -> str:
    """Return what an attachment is called: its file's name or its title, else its kind."""
    return media.name or media.title or texts(f"media-{media.kind}")
