"""Acts of editors on the newsroom's own words, each with its entry in the audit."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.clock import Clock
from bot.errors import ConflictError, UserError
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from persian.copy_edit.editor import house_key
from persian.foreign_text import one_line
from storage import audit, house_words
from storage.audit_details import AuditAction, HouseWordDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import HouseWord

WORD_LIMIT = 60
"""Characters that a word, and its spelling, may have."""
MOST_WORDS = 500
"""Words of a newsroom: every text is searched for each of them."""
MOST_LINES = 50
"""Words that are added at once."""

_SIGN = re.compile(r"=|←|→|->|<-")
_AROUND = ' "«»'


class WordRule(NamedTuple):
    """A word as an editor writes it, and the spelling that takes its place (None: it is left as it is)."""

    word: str
    spelling: str | None


def rules_in(text: str) -> list[WordRule]:
    """Return the words of a text, one on each line: «word = spelling», or a word alone that is left as it is.

    Raises UserError for a line that is neither, for words without a letter or digit, numbers that would become
    others, too long words, and too many lines.
    """
    lines = [line for line in map(one_line, text.splitlines()) if line]
    if len(lines) > MOST_LINES:
        raise UserError("house-words-many-lines", most=MOST_LINES)
    return [_rule_in(line) for line in lines]


def _rule_in(line: str) -> WordRule:
    word, *rest = (part.strip(_AROUND) for part in _SIGN.split(line))
    if len(rest) > 1 or not all(any(map(str.isalnum, part)) for part in (word, *rest)):
        raise UserError("house-words-unreadable", line=line[:WORD_LIMIT])
    if (longest := max(map(len, (word, *rest)))) > WORD_LIMIT:
        raise UserError("house-words-too-long", most=WORD_LIMIT, length=longest)
    if not rest:
        return WordRule(word, None)
    if not any(map(str.isalpha, word)):
        raise UserError("house-words-number", word=word)
    if rest[0] == word:
        raise UserError("house-words-same", word=word)
    return WordRule(word, rest[0])


class HouseWords:
    """Acts on the newsroom's words; each is one transaction. To repeat one changes nothing.

    All raise UserError where the actor is no editor (any more).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, rules: Sequence[WordRule], *, actor_id: int) -> None:
        """Store these words, all or none; one that is there already is then as it is said last.

        Raises UserError where there would be too many, ConflictError where one word would be replaced by another
        that is replaced itself.
        """
        async with acting(self._database, actor_id, Right.EDIT) as tx:
            await house_words.lock(tx)
            known = {house_key(word.word): word for word in await house_words.all_(tx)}
            for rule in rules:
                before = known.get(house_key(rule.word))
                if before is not None and (before.word, before.spelling) == rule:
                    continue
                if before is None and len(known) >= MOST_WORDS:
                    raise UserError("house-words-too-many", most=MOST_WORDS)
                known[house_key(rule.word)] = HouseWord(0, *rule)
                await house_words.put(tx, *rule, added_by=actor_id, now=self._clock())
                await self._record(tx, actor_id, AuditAction.ADD_WORD, rule)
            _require_no_chain(known)

    async def remove(self, word_id: int, *, actor_id: int) -> None:
        """Remove a word; the copy editor treats it as any other from then on."""
        async with acting(self._database, actor_id, Right.EDIT) as tx:
            word = await house_words.get(tx, word_id)
            if word is not None and await house_words.remove(tx, word_id):
                await self._record(tx, actor_id, AuditAction.REMOVE_WORD, WordRule(word.word, word.spelling))

    async def _record(self, tx: Connection, actor_id: int, action: AuditAction, rule: WordRule) -> None:
        await audit.record(tx, actor_id, action, now=self._clock(), details=HouseWordDetails(*rule))


def _require_no_chain(known: dict[str, HouseWord]) -> None:
    """Raise ConflictError where a word's spelling is a word that is replaced, too: the text would never be done."""
    for key, rule in known.items():
        following = known.get(house_key(rule.spelling)) if rule.spelling is not None else None
        if following is not None and following.spelling is not None and house_key(following.word) != key:
            raise ConflictError(
                "house-words-chain", word=rule.word, spelling=following.word, other=following.spelling
            )
