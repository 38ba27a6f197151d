"""The photo of an article, as its page names or shows it (pure)."""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from bot.ingest.markup.dom import attribute
from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.markup.lead_picture import Fitness, PictureEvidence, fitness, lead_pictures, number_in
from bot.ingest.markup.pictures import IMAGE_TAGS, picture_of
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from bot.ingest.page.site_profiles import SiteProfile
from storage.records import Block, BlockKind

PHOTO_META = ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail")
"""The names of the <meta> elements in which pages name a photo, the most exact first."""
_MOST_NODES = 5
_ABOVE = 3
_MOST_STYLED = 200
_LONGEST_NAMES, _LONGEST_STYLE = 300, 2_500
_BACKGROUND = re.compile(
    r"background(?:-image)?\s{0,5}:[^;]{0,200}?url\(\s{0,5}[\"']?([^\"')]{4,2000})", re.IGNORECASE
)
_FOR_PHOTO = re.compile(
    r"(?:^|[\s_-])(?:hero|lead|cover|featured?|thumb(?:nail)?|photo|image|picture|pic|img|masthead|poster)(?=$|[\s_-])",
    re.IGNORECASE,
)


def named_pictures(page: PageDocument, profile: SiteProfile, title: str) -> tuple[str, ...]:
    """Return the absolute addresses of the pictures that a page names as its article's, the best first.

    The metadata comes first, then the profile, then a video's poster. A logo, an avatar or a placeholder is passed
    over.
    """
    hidden = page.hidden_article(title)
    in_state = (PictureEvidence(absolute_url(hidden.picture, page.base)),) if hidden is not None else ()
    return lead_pictures((*_in_metadata(page), *in_state, *_in_elements(page, profile)))


def _in_metadata(page: PageDocument) -> Iterator[PictureEvidence]:
    link = page.tree.css_first("link[rel=image_src]")
    further = page.tree.css('meta[property="og:image"]')[1:_MOST_NODES]
    open_graph = [page.meta(f"og:image:{name}") for name in ("type", "width", "height")]
    for name in PHOTO_META:
        mime, width, height = open_graph if name.startswith("og:") else ("", "", "")
        yield PictureEvidence(
            absolute_url(page.meta(name), page.base), mime, width=number_in(width), height=number_in(height)
        )
    for node in further:
        yield PictureEvidence(absolute_url(attribute(node, "content"), page.base))
    yield PictureEvidence(absolute_url(attribute(link, "href"), page.base))
    pixels = page.data.image_size
    yield PictureEvidence(absolute_url(page.data.image, page.base), width=pixels[0], height=pixels[1])


def _in_elements(page: PageDocument, profile: SiteProfile) -> Iterator[PictureEvidence]:
    for selector in profile.photo:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            if node.tag in IMAGE_TAGS:
                yield PictureEvidence(picture_of(node, page.base))
    video = page.tree.css_first("video[poster], amp-video[poster]")
    if video is not None:
        yield PictureEvidence(absolute_url(attribute(video, "poster"), page.base))


def lead_picture(page: PageDocument, title: str, body: Sequence[Block]) -> str:
    """Return the picture that stands by a headline above the text and outside of it; "" for none."""
    opening = key_of(next((text_of(block.html) for block in body if block.html), ""))
    above = _above(page, key_of(title), opening) if opening else []
    pictures = (block.url for block in above if block.kind is BlockKind.IMAGE)
    return next((url for url in pictures if fitness(PictureEvidence(url)) is Fitness.FIT), "")


def _above(page: PageDocument, title_key: str, opening_key: str) -> list[Block]:
    """Return the blocks of a page from its headline, or a few before it, to the opening of the text."""
    blocks = [placed.block for placed in page.blocks()]
    keys = page.block_keys
    if opening_key not in keys:
        return []
    end = keys.index(opening_key)
    titles = [at for at in range(end) if keys[at] == title_key]
    return blocks[max(0, (titles[-1] if titles else end) - _ABOVE) : end]


def background_picture(page: PageDocument) -> str:
    """Return the picture that an element for the article's photo has as its background; "" for none."""
    for node in page.tree.css('[style*="background"], [data-bg], [data-background-image]')[:_MOST_STYLED]:
        names = f"{attribute(node, 'class')} {attribute(node, 'id')}"[:_LONGEST_NAMES]
        if (named := _background_of(node)) and _FOR_PHOTO.search(names) and not is_beside(node):
            address = absolute_url(named, page.base)
            if lead_pictures([PictureEvidence(address)]):
                return address
    return ""


def _background_of(node: LexborNode) -> str:
    """Return the address of the background that an element has, or that a script is to give it; "" for none."""
    lazy = attribute(node, "data-bg") or attribute(node, "data-background-image")
    if lazy and not lazy.startswith("url("):
        return lazy
    match = _BACKGROUND.search(f"background:{lazy}" if lazy else attribute(node, "style")[:_LONGEST_STYLE])
    return match[1] if match else ""
