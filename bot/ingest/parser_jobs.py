"""The jobs of the parser's processes; bot.ingest.parser_process has the function of each."""

from zoneinfo import ZoneInfo

from bot.ingest.candidate import Candidate
from bot.ingest.discovery.page_links import PageLinks
from bot.ingest.feed.sitemap import Sitemap
from bot.ingest.incoming import Incoming, IncomingFeed, Reading
from bot.ingest.items import PageArticle
from bot.ingest.source_report import SourceReport
from bot.subprocesses.job import Job
from storage.records import SourceKind

FEED = Job("feed", tuple[bytes, str, str, ZoneInfo, frozenset[int]], IncomingFeed)
"""body, content type, address, zone, the marks that are known; see bot.ingest.reading.read_feed."""

PAGE = Job("page", tuple[bytes, str, str, ZoneInfo, int, Candidate], Reading)
"""body, content type, address, zone, now (ms), the known article; see bot.ingest.reading.read_page."""

ARTICLE = Job("article", tuple[bytes, str, str, ZoneInfo, int], PageArticle)
"""body, content type, address, zone, now (ms); see bot.ingest.page.article_page.parse_page."""

LISTING = Job("listing", tuple[bytes, str, str, str], tuple[Incoming, ...])
"""body, content type, address, selector; see bot.ingest.reading.read_listing."""

WATCHED = Job("watched", tuple[bytes, str, str, ZoneInfo, int, str], Incoming)
"""body, content type, address, zone, now (ms), the source's address; see bot.ingest.reading.read_watched."""

PAGE_LINKS = Job("page_links", tuple[bytes, str, str], PageLinks)
"""body, content type, address; see bot.ingest.discovery.page_links.parse_page_links."""

SITEMAP = Job("sitemap", tuple[bytes, str, str, ZoneInfo], Sitemap)
"""body, content type, address, zone; see bot.ingest.feed.sitemap.parse_sitemap."""

EXPLAIN = Job("explain", tuple[bytes, str, str, ZoneInfo, int, SourceKind | None, str], SourceReport)
"""body, content type, address, zone, now (ms), the kind (None: any), selector; see bot.ingest.evidence.explain."""
