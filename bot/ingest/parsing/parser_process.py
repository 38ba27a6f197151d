"""A process in which foreign markup is parsed. It gives way to the bot, which has readers to answer."""

from bot.errors import SourceError
from bot.ingest.feed.entry_text import whole_blocks_of
from bot.ingest.feed.sitemap import parse_sitemap
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.page_links import parse_page_links
from bot.ingest.parsing.evidence import explain
from bot.ingest.parsing.parser_jobs import (
    ARTICLE,
    BLOCKS,
    EXPLAIN,
    FEED,
    LISTING,
    PAGE,
    PAGE_LINKS,
    SITEMAP,
    WATCHED,
)
from bot.ingest.parsing.reading import read_feed, read_listing, read_page, read_watched
from bot.subprocesses import server
from bot.subprocesses.confinement import confine, give_way

if __name__ == "__main__":
    give_way()
    confine()
    jobs = server.JobRegistry()
    jobs.add(FEED, read_feed)
    jobs.add(LISTING, read_listing)
    jobs.add(WATCHED, read_watched)
    jobs.add(PAGE, read_page)
    jobs.add(ARTICLE, parse_page)
    jobs.add(PAGE_LINKS, parse_page_links)
    jobs.add(SITEMAP, parse_sitemap)
    jobs.add(EXPLAIN, explain)
    jobs.add(BLOCKS, whole_blocks_of)
    server.main(jobs, SourceError)
