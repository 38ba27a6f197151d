"""Pages that come back for one article after another: whatever they say, they are none of these."""

import hashlib
import re
from collections import OrderedDict

from bot.ingest.items import PageArticle
from bot.ingest.page.trust import page_text
from persian.normalise import match_key

_DIGITS = re.compile(r"\d+")
_DIGEST_CHARS = 4000
_MOST_HOSTS = 2000
_MOST_PAGES = 60
_ARTICLES_OF_A_TEXT = 2
_ARTICLES_OF_A_TITLE = 3


def text_digest(page: PageArticle) -> str:
    """Return a hash of a page's text, "" where it has none. Numbers do not count: walls tell times and ids."""
    key = _DIGITS.sub("", match_key(page_text(page)[:_DIGEST_CHARS]))
    return hashlib.sha256(key.encode()).hexdigest()[:32] if key else ""


class RepeatedPages:
    """The titles and texts of recent pages by their hosts, bounded in all directions; not for several threads."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, OrderedDict[str, list[str]]] = OrderedDict()

    def seen(self, host: str, title: str, text_digest: str, article_key: str) -> bool:
        """Record the page of an article; return whether it is one that comes back for different articles.

        So it is where its text, as told by `text_digest`, came for another article, or its title for two others.
        An empty title or digest does not count. A title that a feed itself gives its articles, such as that of a
        daily column, is to be handed in as "". Asking again for the same article changes nothing.
        """
        pages = self._hosts.setdefault(host, OrderedDict())
        self._hosts.move_to_end(host)
        if len(self._hosts) > _MOST_HOSTS:
            self._hosts.popitem(last=False)
        by_text = _articles(pages, f"text {text_digest}" if text_digest else "", article_key)
        title_key = match_key(title)
        by_title = _articles(pages, f"title {title_key}" if title_key else "", article_key)
        return by_text >= _ARTICLES_OF_A_TEXT or by_title >= _ARTICLES_OF_A_TITLE

    def forget(self, host: str) -> None:
        """Forget the pages of a host that shows its articles again."""
        self._hosts.pop(host, None)


def _articles(pages: OrderedDict[str, list[str]], fingerprint: str, article_key: str) -> int:
    """Return for how many articles a fingerprint came, this one among them."""
    if not fingerprint:
        return 0
    articles = pages.setdefault(fingerprint, [])
    pages.move_to_end(fingerprint)
    if len(pages) > _MOST_PAGES:
        pages.popitem(last=False)
    if article_key not in articles and len(articles) < _ARTICLES_OF_A_TITLE:
        articles.append(article_key)
    return len(articles)
