"""The videos and sounds of an article, as its page names or plays them (pure)."""

from bot.ingest.markup.media import DeclaredMedium, medium_of, merged
from bot.ingest.page.document import PageDocument
from storage.records import Media


def media_of(page: PageDocument) -> tuple[Media, ...]:
    """Return the media of an article: what its JSON-LD declares, what its text plays, what its metadata name."""
    structured = [medium for evidence in page.data.media if (medium := medium_of(evidence, page.base))]
    named = [medium for evidence in _open_graph_media(page) if (medium := medium_of(evidence, page.base))]
    return merged(structured, page.played, named)


def _open_graph_media(page: PageDocument) -> list[DeclaredMedium]:
    """Return what the Open Graph of a page declares (ogp.me), the player of which many sites name as the video."""
    media = []
    for medium in ("video", "audio"):
        name = f"og:{medium}"
        address = page.meta(f"{name}:secure_url", f"{name}:url", name)
        media.append(
            DeclaredMedium(
                address,
                page.meta(f"{name}:type"),
                duration=page.meta(f"{medium}:duration"),
                width=page.meta(f"{name}:width"),
                height=page.meta(f"{name}:height"),
            )
        )
    return media
