"""What of a page's markup is no part of the article (pure)."""

import re

from selectolax.lexbor import LexborNode

# fmt: off
_DROPPED_TAGS = frozenset((
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "form",
    "button", "input", "select", "textarea", "option", "nav", "aside", "head", "title", "meta", "link",
    "video", "audio", "source", "track", "map", "dialog", "menu", "footer",
))
# fmt: on
_JUNK_WORDS = (
    "related|relateds|share|shares|sharing|sharethis|addtoany|socials?|ads?|adv|advert|advertisement|advertising|sponsor|"
    "sponsored|promo|banner|comments?|comment-list|respond|newsletter|subscribe|breadcrumbs?|tags?|tag-list|tagcloud|"
    "toolbar|tools|printer|print|short-?link|sidebar|widget|widgets|popular|most-viewed|latest|recommended|suggested|"
    "yarpp|jp-relatedposts|rating|pagination|pager|cookie|popup|modal|screen-reader-text|visually-hidden|sr-only|"
    "author-box|post-meta|entry-meta|entry-footer|read-?more|see-?also|akhbar-mortabet|report-?news|copy-?link"
)
_JUNK = re.compile(rf"(?:^|[\s_-])(?:{_JUNK_WORDS})(?=$|[\s_-])", re.IGNORECASE)
# Class words of frameworks that hold one of the words above and mean something else.
_INNOCENT = re.compile(
    r"\b(?:has-ads?|no-ads?|tag-[\w-]+|category-[\w-]+|with-sidebar|no-sidebar|has-sidebar|comments?-(?:open|closed)|"
    r"post-content|entry-content|widget-area-none)\b",
    re.IGNORECASE,
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_dropped(node: LexborNode) -> bool:
    """Tell whether an element and all in it is no text of the article: scripts, ads, share bars, related news."""
    if node.tag in _DROPPED_TAGS:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and node.tag != "img"):
        return True
    if _HIDING.search(attributes.get("style") or ""):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(names.strip()) and bool(_JUNK.search(_INNOCENT.sub(" ", names)))
