"""The jobs of the parser's processes; bot.ingest.parsing.parser_process has the function of each."""

from zoneinfo import ZoneInfo

from bot.ingest.candidate import Candidate
from bot.ingest.feed.sitemap import Sitemap
from bot.ingest.incoming import Incoming, IncomingFeed, Reading
from bot.ingest.items import PageArticle
from bot.ingest.page.page_links import PageLinks
from bot.ingest.raw_document import RawDocument
from bot.ingest.source_report import SourceReport
from bot.subprocesses.job import Job
from storage.records import Block, SourceKind

FEED = Job("feed", tuple[RawDocument, ZoneInfo, frozenset[int]], IncomingFeed)
"""document, zone, the marks that are known; see bot.ingest.parsing.reading.read_feed."""

PAGE = Job("page", tuple[RawDocument, ZoneInfo, int, Candidate], Reading)
"""document, zone, now (ms), the known article; see bot.ingest.parsing.reading.read_page."""

ARTICLE = Job("article", tuple[RawDocument, ZoneInfo, int], PageArticle)
"""document, zone, now (ms); see bot.ingest.page.article_page.parse_page."""

LISTING = Job("listing", tuple[RawDocument, str], tuple[Incoming, ...])
"""document, selector; see bot.ingest.parsing.reading.read_listing."""

WATCHED = Job("watched", tuple[RawDocument, ZoneInfo, int, str], Incoming)
"""document, zone, now (ms), the source's address; see bot.ingest.parsing.reading.read_watched."""

PAGE_LINKS: Job[RawDocument, PageLinks] = Job("page_links", tuple[RawDocument], PageLinks)  # type: ignore[arg-type]
"""document; see bot.ingest.page.page_links.parse_page_links."""

SITEMAP = Job("sitemap", tuple[RawDocument, ZoneInfo], Sitemap)
"""document, zone; see bot.ingest.feed.sitemap.parse_sitemap."""

EXPLAIN = Job("explain", tuple[RawDocument, ZoneInfo, int, SourceKind | None, str], SourceReport)
"""document, zone, now (ms), the kind (None: any), selector; see bot.ingest.parsing.evidence.explain."""

BLOCKS = Job("blocks", tuple[str, str], tuple[Block, ...])
"""markup, the address that links are seen from; see bot.ingest.feed.entry_text.whole_blocks_of."""
