"""The photo of an article, as its page names or shows it (pure)."""

from collections.abc import Sequence

from bot.ingest.markup.pictures import IMAGE_TAGS, is_photo, picture_of
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from bot.ingest.page.site_profiles import SiteProfile
from storage.records import Block, BlockKind

_NAMED = ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail")
_MOST_NODES = 5
_ABOVE = 3


def photo_of(page: PageDocument, profile: SiteProfile) -> str:
    """Return the absolute address of an article's photo, "" for none.

    The metadata comes first, then the profile, then a video's poster. A logo, an avatar or a placeholder that the
    metadata names is passed over.
    """
    named = [page.meta(name) for name in _NAMED]
    link = page.tree.css_first("link[rel=image_src]")
    named += [page.data.image, (link.attributes.get("href") or "") if link is not None else ""]
    for address in named:
        if (photo := absolute_url(address, page.base)) and is_photo(photo):
            return photo
    for selector in profile.photo:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            if node.tag in IMAGE_TAGS and (photo := picture_of(node, page.base)):
                return photo
    video = page.tree.css_first("video[poster], amp-video[poster]")
    return absolute_url(video.attributes.get("poster") or "", page.base) if video is not None else ""


def lead_picture(page: PageDocument, title: str, body: Sequence[Block]) -> str:
    """Return the picture that stands by a headline above the text and outside of it; "" for none."""
    opening = key_of(next((text_of(block.html) for block in body if block.html), ""))
    blocks = [placed.block for placed in page.blocks()]
    keys = [key_of(text_of(block.html)) for block in blocks]
    if not opening or opening not in keys:
        return ""
    end = keys.index(opening)
    titles = [at for at in range(end) if keys[at] == key_of(title)]
    begin = max(0, (titles[-1] if titles else end) - _ABOVE)
    return next((block.url for block in blocks[begin:end] if block.kind is BlockKind.IMAGE), "")
