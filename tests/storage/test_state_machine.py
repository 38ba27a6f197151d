"""Any sequence of the newsroom's acts on either database leaves what a plain-Python model says."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.exc import IntegrityError

from persian.normalise import tokens
from persian.query import parse_query
from storage import articles, saved, search, source_items, sources
from storage.records import Content, Provenance, Source, SourceItem, SourceKind
from tests.storage.conftest import OpenedDatabase
from tests.storage.machine import NOW, StorageMachine, instants, people, run, titles
from tests.storage.model import ModelArticle, ModelSource, found_by

numbers = st.integers(1, 3)


class Newsroom(StorageMachine):
    """Articles, search, what readers keep, and sources."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: dict[int, ModelArticle] = {}
        self.sources: dict[str, ModelSource] = {}
        self.saved: dict[tuple[int, int], int] = {}
        self.own_numbers = 0
        self.released = 0

    def check(self) -> None:
        self._lists_are_in_order()
        self._search_finds_what_is_published()
        self._readers_hold_what_they_kept()
        self._sources_are_as_told()

    # --- articles ---

    @rule(title=titles, at=instants, now=instants, wanted=st.none() | numbers, section=st.integers(0, 1))
    def draft(self, title: str, at: int, now: int, wanted: int | None, section: int) -> None:
        made = self.do(
            lambda tx: articles.insert(
                tx,
                Content(title),
                category_id=self.sections[section].id,
                now=now,
                published_at=at,
                provenance=Provenance(number=str(wanted or "")),
            )
        )
        # A number that the newsroom has given once stays given, whatever became of its article.
        if wanted is None or wanted in self.articles or wanted <= self.own_numbers:
            self.own_numbers = wanted = next(n for n in range(self.own_numbers + 1, 1000) if n not in self.articles)
        assert made == wanted
        self.articles[made] = ModelArticle(title, self.sections[section].id, at, now, now)

    @rule(number=numbers, title=titles, stale=st.sampled_from([False, False, True]), now=instants)
    def revise(self, number: int, title: str, stale: bool, now: int) -> None:
        article = self.articles.get(number)
        seen = article.revision - stale if article else 1
        made = self.do(
            lambda tx: articles.revise(tx, number, articles.NewRevision(Content(title), 1), expected=seen, now=now)
        )
        if article is None or stale:
            assert made is None
            return
        article.title, article.revision, article.updated_at = title, seen + 1, now
        assert made == article.revision

    @rule(number=numbers, at=instants, now=instants)
    def release(self, number: int, at: int, now: int) -> None:
        done = self.do(lambda tx: articles.release(tx, number, published_at=at, now=now))
        article = self.articles.get(number)
        assert done is (article is not None and article.place is None)
        if article is not None and done:
            self.released += 1
            article.published_at, article.place, article.updated_at = at, (at, self.released), now

    @rule(number=numbers)
    def throw_away(self, number: int) -> None:
        gone = number in self.articles and self.articles[number].place is None
        assert self.do(lambda tx: articles.delete_draft(tx, number)) is gone
        if gone:
            del self.articles[number]
            self.saved = {key: at for key, at in self.saved.items() if key[1] != number}
            for source in self.sources.values():
                source.items = {k: (None if n == number else n, d) for k, (n, d) in source.items.items()}

    def _search_finds_what_is_published(self) -> None:
        for words in ("نفت", "ایران", "بازار", "نفتایران", '"نفت ایران"', "نفت -بازار"):
            query = parse_query(words)
            ordinals = self.see(partial(search.find, query=query, limit=100))
            hits = self.see(partial(articles.by_ordinals, ordinals=ordinals))
            assert [hit.id for hit in hits] == [
                number for number in self._published() if found_by(query, tokens(self.articles[number].title))
            ], words

    def _lists_are_in_order(self) -> None:
        readable = self._published()
        assert [article.id for article in self.see(lambda c: articles.page(c, limit=100))] == readable
        waiting = [n for n, article in self.articles.items() if article.place is None]
        waiting.sort(key=lambda n: (self.articles[n].updated_at, n), reverse=True)
        drafts = self.see(lambda c: articles.drafts(c, limit=100))
        assert [draft.id for draft in drafts] == waiting
        assert [draft.content.title for draft in drafts] == [self.articles[n].title for n in waiting]
        newest = sorted(self.articles, key=lambda n: (self.articles[n].created_at, n), reverse=True)
        assert [article.id for article in self.see(lambda c: articles.newest(c, 100))] == newest
        assert self.see(lambda c: articles.count_published(c)) == len(readable)

    @rule(person=people, number=numbers, now=instants)
    def keep(self, person: int, number: int, now: int) -> None:
        if number in self.articles:
            new = (person, number) not in self.saved
            assert self.do(lambda tx: saved.add(tx, person, number, now=now)) is new
            self.saved.setdefault((person, number), now)
        else:
            try:
                self.do(lambda tx: saved.add(tx, person, number, now=now))
            except IntegrityError:
                return
            raise AssertionError("an article that is not there was kept")

    @rule(person=people, number=numbers)
    def let_go(self, person: int, number: int) -> None:
        held = self.saved.pop((person, number), None) is not None
        assert self.do(lambda tx: saved.remove(tx, person, number)) is held

    def _readers_hold_what_they_kept(self) -> None:
        for person in {who for who, _ in self.saved}:
            mine = sorted((at, number) for (who, number), at in self.saved.items() if who == person)
            readable = [number for _, number in reversed(mine) if self.articles[number].place]
            assert self.see(partial(saved.ids, user_id=person, limit=100)) == readable

    # --- sources ---

    @rule(name=st.sampled_from("ab"), now=instants)
    def add_source(self, name: str, now: int) -> None:
        url = f"https://{name}.example.org/"

        def add() -> int:
            made = self.do(
                lambda tx: sources.add(
                    tx, url, kind=SourceKind.FEED, category_id=self.sections[0].id, review=False, now=now
                )
            )
            return made.id

        if url not in self.sources:
            self.sources[url] = ModelSource(add(), now)
            return
        try:
            add()
        except IntegrityError:
            return
        raise AssertionError("an address was added twice")

    @rule(name=st.sampled_from("ab"), later=instants, error=st.sampled_from(["", "timeout"]))
    def fetch(self, name: str, later: int, error: str) -> None:
        source = self.sources.get(f"https://{name}.example.org/")
        if source is not None:
            nothing = frozenset[int]()
            well = sources.FinishedFetch(
                source.id,
                f"https://{name}.example.org/",
                NOW,
                later,
                "",
                "",
                "",
                "",
                None,
                nothing,
                nothing,
                brought_at=None,
                habit=None,
                took_ms=1,
            )
            ill = sources.FailedFetch(source.id, f"https://{name}.example.org/", NOW, later, error, took_ms=1)
            self.do(lambda tx: sources.settle_failed(tx, [ill]) if error else sources.settle_fetched(tx, [well]))
            source.due_at, source.failures = later, source.failures + 1 if error else 0

    @rule(name=st.sampled_from("ab"), key=st.sampled_from("kl"), number=numbers, digest=st.sampled_from("12"))
    def bring(self, name: str, key: str, number: int, digest: str) -> None:
        source = self.sources.get(f"https://{name}.example.org/")
        if source is not None and number in self.articles:
            item = SourceItem(source.id, key, number, key, "", "", None, "guid", digest)
            self.do(lambda tx: source_items.put(tx, [item], now=NOW))
            source.items[key] = (source.items[key][0] if key in source.items else number, digest)

    @rule(name=st.sampled_from("ab"))
    def drop_source(self, name: str) -> None:
        source = self.sources.pop(f"https://{name}.example.org/", None)
        assert self.do(lambda tx: sources.remove(tx, source.id if source else 0)) is (source is not None)

    def _sources_are_as_told(self) -> None:
        due = sorted((source.id, source.failures) for source in self.sources.values() if source.due_at <= NOW + 2)
        assert sorted((source.id, source.failures) for source in self._claimed()) == due
        assert self._claimed() == []
        signs = source_items.Signs(["k", "l", "m"], [], [], [])
        for source in self.sources.values():
            brought = self.see(partial(source_items.with_signs, source_id=source.id, signs=signs))
            assert {item.key: (item.article_id, item.digest) for item in brought} == source.items

    def _claimed(self) -> list[Source]:
        """Take on every source that is due, those that are slow and the others."""
        return [
            source
            for slow in (False, True)
            for source in self.do(partial(sources.claim, slow=slow, now=NOW + 2, lease_until=NOW + 9, limit=10))
        ]

    def _published(self) -> list[int]:
        placed = [(article.place, number) for number, article in self.articles.items() if article.place]
        return [number for _, number in sorted(placed, reverse=True)]


def test_the_newsroom(opened_database: OpenedDatabase) -> None:
    run(Newsroom, opened_database)
