"""Outcomes of a visit to an article's page, as the row that is stored (pure). Instants are milliseconds."""

from dataclasses import replace

from bot.ingest.page import visit_policy
from bot.ingest.page_reader import PageRead
from storage.records import PageVisit


def visited(visit: PageVisit, page: PageRead, *, now: int) -> PageVisit:
    """Return a visit after a reading that went well."""
    return replace(
        unchanged(visit, now=now),
        etag=page.etag,
        last_modified=page.last_modified,
        body_digest=page.body_digest,
    )


def unchanged(visit: PageVisit, *, now: int) -> PageVisit:
    """Return a visit after a reading that found nothing new."""
    visits = visit.visits + 1
    due_at = visit_policy.after_reading(visits, age=now - visit.published_at, now=now)
    return replace(visit, visits=visits, failures=0, doubt="", due_at=due_at)


def failed(visit: PageVisit, *, now: int, doubt: str = "", retry_after: int | None = None) -> PageVisit:
    """Return a visit after a failure.

    `doubt` says why the page that came was not believed. Its site asks to wait for `retry_after` seconds.
    """
    failures = visit.failures + 1
    due_at = visit_policy.after_failure(failures, now=now, retry_after=retry_after or 0)
    return replace(visit, failures=failures, doubt=doubt, due_at=due_at)
