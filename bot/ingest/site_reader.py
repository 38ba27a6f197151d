"""Reading a site at the wish of a person who waits, outside any source's schedule."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.ingest.candidate import Candidate, from_page
from bot.ingest.fetch.fetcher import Fetcher, Response
from bot.ingest.fetch.request_profile import PLAIN, RequestProfile
from bot.ingest.fetch.turns import AWAITED, Ticket
from bot.ingest.identity.telegram_posts import request_address
from bot.ingest.parsing.parser import Parser


@dataclass(frozen=True, slots=True)
class SiteReader:
    """The fetcher and the parser that read sources, for one address at a time. Nothing is stored.

    Its requests have the form that `profile` describes, and the place in the queues that `ticket` is. Dates without
    a zone are in `zone`.
    """

    fetcher: Fetcher
    parser: Parser
    clock: Clock
    zone: ZoneInfo
    profile: RequestProfile = PLAIN
    ticket: Ticket = AWAITED

    def with_profile(self, profile: RequestProfile) -> "SiteReader":
        """Return a reader whose requests have the form of a source's."""
        return replace(self, profile=profile)

    def with_ticket(self, ticket: Ticket) -> "SiteReader":
        """Return a reader that waits in the place of a ticket."""
        return replace(self, ticket=ticket)

    async def get(self, url: str) -> Response:
        """Fetch an address. Raises as Fetcher.get does."""
        return await self.fetcher.get(url, ticket=self.ticket, profile=self.profile)

    async def article(self, url: str, *, author_id: int | None = None) -> Candidate:
        """Return the article at an address. Raises HttpStatusError, or SourceError where there is none."""
        answer = await self.get(request_address(url))
        page = await self.parser.article(answer.document, self.zone, self.clock(), ticket=self.ticket)
        return from_page(page, author_id=author_id)
