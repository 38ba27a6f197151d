"""The newsroom's own words, on both databases."""

import asyncio
from itertools import pairwise

import pytest

from bot.errors import ConflictError, UserError
from bot.newsroom.house_words import MOST_LINES, MOST_WORDS, WORD_LIMIT, HouseWords, WordRule, rules_in
from persian.copy_edit.editor import corrected
from storage import audit, house_words
from storage.audit_details import AuditAction, HouseWordDetails
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import HouseWord
from tests.newsroom_people import employ

EDITOR = 7
_NOW = 1_800_000_000_000


@pytest.fixture
async def words(database: Database) -> HouseWords:
    await employ(database, EDITOR)
    return HouseWords(database, lambda: _NOW)


async def _stored(database: Database) -> list[tuple[str, str | None]]:
    async with database.read() as connection:
        return [(house_word.word, house_word.spelling) for house_word in await house_words.all_(connection)]


async def _acts(database: Database) -> list[tuple[object, object]]:
    async with database.read() as connection:
        return [(entry.action, entry.details) for entry in reversed(await audit.page(connection, limit=50))]


def test_a_line_is_a_word_with_its_spelling_or_a_word_that_stays() -> None:
    assert rules_in("طهران = تهران\n\n«دیجی كالا»\nامپراطور ← امپراتور\nطوفان->توفان") == [
        WordRule("طهران", "تهران"),
        WordRule("دیجی كالا", None),
        WordRule("امپراطور", "امپراتور"),
        WordRule("طوفان", "توفان"),
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("طهران = تهران = ری", "house-words-unreadable"),
        ("طهران =", "house-words-unreadable"),
        ("= تهران", "house-words-unreadable"),
        ("؟!", "house-words-unreadable"),
        ("تهران = تهران", "house-words-same"),
        ("12 = 13", "house-words-number"),
        ("۱۲٫۵ = دوازده", "house-words-number"),
        ("ا" * (WORD_LIMIT + 1), "house-words-too-long"),
        ("\n".join(f"واژه{n}" for n in range(MOST_LINES + 1)), "house-words-many-lines"),
    ],
)
def test_what_is_no_word_is_told(text: str, key: str) -> None:
    with pytest.raises(UserError) as told:
        rules_in(text)
    assert told.value.key == key


async def test_words_are_added_once_changed_and_removed_once(database: Database, words: HouseWords) -> None:
    rules = [WordRule("طهران", "تهران"), WordRule("كالا", None)]
    await words.add(rules, actor_id=EDITOR)
    await words.add(rules, actor_id=EDITOR)
    # The Arabic letter makes no second word.
    await words.add([WordRule("کالا", "کالای")], actor_id=EDITOR)
    assert await _stored(database) == [("طهران", "تهران"), ("کالا", "کالای")]
    async with database.read() as connection:
        (first, second) = await house_words.page(connection, limit=2)
        style = await house_words.style(connection)
    assert (first.word, second.word) == ("کالا", "طهران")
    assert corrected("طهران و كالا", style) == "تهران و کالای"
    await words.remove(second.id, actor_id=EDITOR)
    await words.remove(second.id, actor_id=EDITOR)
    assert await _stored(database) == [("کالا", "کالای")]
    assert await _acts(database) == [
        (AuditAction.ADD_WORD, HouseWordDetails("طهران", "تهران")),
        (AuditAction.ADD_WORD, HouseWordDetails("كالا")),
        (AuditAction.ADD_WORD, HouseWordDetails("کالا", "کالای")),
        (AuditAction.REMOVE_WORD, HouseWordDetails("طهران", "تهران")),
    ]


async def test_no_words_spelling_is_replaced_itself(database: Database, words: HouseWords) -> None:
    await words.add([WordRule("طهران", "تهران"), WordRule("كالا", "کالا")], actor_id=EDITOR)
    for rule in (WordRule("تهران", "طهران"), WordRule("تهرون", "طهران"), WordRule("تهران", "ری")):
        with pytest.raises(ConflictError, match="house-words-chain"):
            await words.add([WordRule("نو", "تازه"), rule], actor_id=EDITOR)
    assert await _stored(database) == [("طهران", "تهران"), ("كالا", "کالا")]
    await words.add([WordRule("تهران", None)], actor_id=EDITOR)


async def test_there_is_an_end_to_words(database: Database, words: HouseWords) -> None:
    await words.add([WordRule(f"واژه{n}", None) for n in range(MOST_WORDS)], actor_id=EDITOR)
    with pytest.raises(UserError, match="house-words-too-many"):
        await words.add([WordRule("یکی دیگر", None)], actor_id=EDITOR)
    await words.add([WordRule("واژه1", "واژهٔ یک")], actor_id=EDITOR)
    async with database.read() as connection:
        assert await house_words.count(connection) == MOST_WORDS
        assert await house_words.get(connection, 2) == HouseWord(2, "واژه1", "واژهٔ یک")


async def test_editors_who_add_words_at_once_make_no_chain(postgresql: str) -> None:
    async with opened(postgresql) as one, opened(postgresql) as other:
        await employ(one, EDITOR)
        for round_ in range(5):
            names = [f"{word}{round_}" for word in ("طهران", "تهران", "ری")]
            ended = await asyncio.gather(
                *(
                    HouseWords(database, lambda: _NOW).add([WordRule(*pair)], actor_id=EDITOR)
                    for database, pair in zip((one, other), pairwise(names), strict=True)
                ),
                return_exceptions=True,
            )
            assert sorted(type(error).__name__ for error in ended) == ["ConflictError", "NoneType"]
