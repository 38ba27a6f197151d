"""A check of any address: the source there, where each field comes from, and whether its pages can be read."""

from dataclasses import dataclass

from bot.errors import SourceError
from bot.ingest.candidate import Candidate
from bot.ingest.fetch.fetcher import Response
from bot.ingest.fetch.turns import AWAITED
from bot.ingest.identity.addresses import comparable, host_of
from bot.ingest.page.repeated_pages import RepeatedPages
from bot.ingest.parsing.evidence import SAMPLES
from bot.ingest.site_reader import SiteReader
from bot.ingest.source_report import SourceReport
from storage.records import SourceKind


@dataclass(frozen=True, slots=True)
class PageCheck:
    """The page of an item: its report, None where it cannot be read, and what is wrong with it, "" for nothing."""

    url: str
    report: SourceReport | None
    trouble: str


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """An address that was checked: what is there, and the pages of its newest items."""

    url: str
    report: SourceReport
    pages: tuple[PageCheck, ...]


class SourceCheck:
    """Checks addresses through the fetcher and the parser that read sources. Nothing is stored."""

    def __init__(self, site: SiteReader) -> None:
        self._site = site
        self._parser = site.parser

    async def check(
        self, url: str, kind: SourceKind | None = None, selector: str = "", *, pages: bool = True
    ) -> CheckedSource:
        """Check an address as a source of that kind, or (None) as whatever it is; with the `pages` of its items.

        Raises SourceError where it cannot be fetched, or is no source.
        """
        answer = await self._site.get(url)
        report = await self._explain(answer, kind, selector)
        known = await self._newest(answer, report) if pages else []
        repeated = RepeatedPages()
        read = [await self._page(candidate, repeated) for candidate in known if candidate.provenance.url]
        return CheckedSource(answer.url, report, tuple(read))

    async def _newest(self, answer: Response, report: SourceReport) -> list[Candidate]:
        """Return the newest items of a feed or a listing, the newest first."""
        if report.kind is SourceKind.FEED:
            feed = await self._parser.feed(answer.document, self._site.zone, ticket=AWAITED)
            items = feed.items
        elif report.kind is SourceKind.LISTING and report.form != "sitemap index":
            items = await self._parser.listing(answer.document, report.selector, ticket=AWAITED)
        else:
            items = ()
        return [incoming.candidate for incoming in reversed(items[-SAMPLES:])]

    async def _page(self, known: Candidate, repeated: RepeatedPages) -> PageCheck:
        """Read the page of an item as it is read when the item comes from its source."""
        url = known.provenance.url
        try:
            answer = await self._site.get(url)
            reading = await self._parser.page(
                answer.document, self._site.zone, self._site.clock(), known, ticket=AWAITED
            )
            report = await self._explain(answer, SourceKind.PAGE, "")
        except SourceError as error:
            return PageCheck(url, None, str(error))
        comes_again = repeated.seen(host_of(url), reading.title, reading.text_digest, comparable(url))
        if reading.doubt is not None and known.content.title:
            return PageCheck(url, report, f"not the article: {reading.doubt}")
        if comes_again:
            return PageCheck(url, report, "the same page comes for several articles")
        return PageCheck(url, report, f"not an article: {report.doubt}" if report.doubt else "")

    async def _explain(self, answer: Response, kind: SourceKind | None, selector: str) -> SourceReport:
        return await self._parser.explain(
            answer.document,
            self._site.zone,
            self._site.clock(),
            kind=kind,
            selector=selector,
        )
