"""Pictures that stand on many articles of one source: its logo, or a stand-in for a photo."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.ingest.candidate import Candidate
from storage import source_pictures
from storage.engine.connection import Connection

REPEATED = 5
"""Articles on which a picture is the source's sign; a series may show the same picture a few times."""


@dataclass(frozen=True, slots=True)
class RepeatedPictures:
    """The pictures among those of some candidates that are their source's signs."""

    addresses: frozenset[str] = frozenset()

    def without(self, candidate: Candidate, present: str = "") -> Candidate:
        """Return a candidate whose photo is no sign, the next of its pictures or none.

        An article that shows a picture already (`present`) keeps it.
        """
        photo = candidate.content.photo
        if photo == present or photo not in self.addresses:
            return candidate
        other = next((picture for picture in candidate.pictures if picture not in self.addresses), "")
        return replace(candidate, content=replace(candidate.content, photo=other))


async def signs_among(connection: Connection, source_id: int, known: Collection[Candidate]) -> RepeatedPictures:
    """Return the signs of a source among the pictures of articles that were counted before."""
    return await _signs(
        connection, source_id, [picture for candidate in known for picture in candidate.pictures], Counter()
    )


async def count_new(tx: Connection, source_id: int, new: Sequence[Candidate], *, now: int) -> RepeatedPictures:
    """Count the pictures of new articles of a source, and return its signs among them."""
    shown = Counter(candidate.content.photo for candidate in new if "://" in candidate.content.photo)
    signs = await _signs(tx, source_id, [picture for candidate in new for picture in candidate.pictures], shown)
    # What stands in for a sign may be one, too.
    shown += Counter(
        other
        for candidate in new
        if (other := signs.without(candidate).content.photo) and other != candidate.content.photo
    )
    await source_pictures.add(tx, source_id, shown, now=now)
    return signs


async def _signs(
    connection: Connection, source_id: int, pictures: Collection[str], more: Counter[str]
) -> RepeatedPictures:
    if not pictures:
        return RepeatedPictures()
    counted = await source_pictures.counts(connection, source_id, set(pictures))
    together = Counter(counted) + more
    return RepeatedPictures(frozenset(picture for picture, count in together.items() if count >= REPEATED))
