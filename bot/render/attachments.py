"""The attachments of an article: those that a headline carries, and the messages for the others (pure)."""

from bot.locales.catalog import Texts
from bot.render.message import Message
from storage.post_style import Photo
from storage.records import Content, Media, MediaKind

FIRST_DOCUMENT = 10
"""The place of the first document behind those of photos and videos."""

_FIRST = (MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.DOCUMENT)


def attachments(content: Content) -> tuple[Media, ...]:
    """Return all that Telegram keeps for the article, its photo first. A photo by address is a source's."""
    photo = (Media(MediaKind.PHOTO, content.photo),) if content.photo and "://" not in content.photo else ()
    return photo + content.media


def cover(content: Content, wanted: Photo = Photo.ATTACHED) -> Media | None:
    """Return what a headline carries: the first photo, else the first video, else the first document.

    Where ANY is wanted and nothing is attached, it is a source's photo by its address.
    """
    if wanted is Photo.NONE:
        return None
    found = min(attachments(content), key=lambda one: _FIRST.index(one.kind), default=None)
    if found is None and wanted is Photo.ANY and content.photo.startswith(("http://", "https://")):
        return Media(MediaKind.PHOTO, content.photo)
    return found


def album(content: Content) -> dict[int, Message]:
    """Return the attachments as messages without words, by their place: what is looked at, then documents.

    Documents have places of their own, so that none of them ever takes the place of a photo: in an album that
    cannot be changed.
    """
    found = attachments(content)
    seen = [one for one in found if one.kind is not MediaKind.DOCUMENT]
    files = [one for one in found if one.kind is MediaKind.DOCUMENT]
    placed = (*enumerate(seen), *enumerate(files, FIRST_DOCUMENT))
    return {place: Message("", media=one.file, media_kind=one.kind) for place, one in placed}


def in_words(content: Content, texts: Texts) -> str:
    """Return how many attachments of which kind there are, "" for none."""
    found = attachments(content)
    counts = ((kind, sum(one.kind is kind for one in found)) for kind in _FIRST)
    return texts("list-comma").join(texts(f"attached-{kind}", count=count) for kind, count in counts if count)


def name_of(media: Media, texts: Texts) -> str:
    """Return what an attachment is called: its file's name, else its kind."""
    return media.name or texts(f"media-{media.kind}")
