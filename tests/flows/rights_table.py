"""Rights to press and to command: the expectation that the whole bot is held against.

A press is written as callback data with names in braces for what `rights_world` has made of each kind. Every pattern
that the bot registers needs an example here, and every example a pattern.
"""

from enum import StrEnum


class Who(StrEnum):
    """Kinds of people who press and command."""

    STRANGER = "a person who never wrote, under another person's message"
    INTRUDER = "a reader, under another person's message"
    READER = "a reader"
    MODERATOR = "a moderator"
    AUTHOR = "an author"
    EDITOR = "an editor"
    OWNER = "an owner"
    REMOVED = "an editor who was removed"
    ADMIN = "an administrator of the channel"
    PAST_ADMIN = "an administrator of the channel who is none any more"
    OTHER_ADMIN = "an administrator of another channel"


NOBODY: frozenset[Who] = frozenset()
EVERYBODY = frozenset(Who) - {Who.STRANGER, Who.INTRUDER}
WRITERS = frozenset({Who.AUTHOR, Who.EDITOR, Who.OWNER})
EDITORS = frozenset({Who.EDITOR, Who.OWNER})
OWNERS = frozenset({Who.OWNER})
MODERATORS = EDITORS | {Who.MODERATOR}
LOOKS_AFTER = EDITORS | {Who.ADMIN}
"""The channel's own administrators, and who of the newsroom sees all chats."""

_OF_NEWS = (
    *("page:{news}:0", "read:{news}", "like:{news}", "elsewhere:{news}:n", "elsewhere:{news}:0", "talk:{news}:n"),
    *("talk:{news}:a", "media:{news}"),
)
_OF_READERS = (
    *_OF_NEWS,
    *("list:a:n", "find:n", "find:r:0", "seek:1", "save:{news}:1", "sub:1:1", "unsub:1:1", "unsub:no"),
    *("follow:words", "follow:search", "follow:c:1"),
    *("top:day", "top:week"),
    *("open:latest", "saved:0", "hist:b9", "seen:{news}:n", "write:{news}", "seen:digest:n"),
)
_OF_A_CHANNEL = (
    *(
        "fol:{channel}:0:0",
        "fol:{channel}:0:cat:1:0",
        "fol:undo:{channel}:0:1",
        "one:{channel}:{following}:rush:1",
        "one:{channel}:{following}",
    ),
    *(
        "new:{channel}:0:tag",
        "one:{channel}:{following}:own",
        "topics:{channel}:0",
        "one:{channel}:{following}:when:1",
    ),
    *("set:{channel}:main", "set:{channel}:cats", "set:{channel}:pause:1", "set:{channel}:lang:en"),
    *("set:{channel}:own:when", "set:{channel}:zone", "set:{channel}:zone:Asia/Kabul", "set:{channel}:look"),
    *("set:{channel}:look:shape:title", "set:{channel}:look:photo:any", "set:{channel}:look:tags:0"),
    *("set:{channel}:look:buttons:0", "set:{channel}:look:sign:ask", "set:{channel}:look:sign:none"),
    *("set:{channel}:look:back", "set:{channel}:zone:ask", "set:{channel}:when", "set:{channel}:when:1"),
    *("set:{channel}:quiet", "set:{channel}:quiet:1", "set:{channel}:rush:1", "set:{channel}:pin"),
    *("set:{channel}:pin:1", "set:{channel}:close", "one:{channel}:{following}:stop"),
)
_OF_NOBODY = (
    # What readers do not have is not there, whoever asks for it as a reader.
    *("page:{draft}:0", "read:{draft}", "like:{draft}", "elsewhere:{draft}:n", "talk:{draft}:n", "media:{draft}"),
    *("write:{draft}", "read:{planned}", "read:{review}"),
    # What another person has begun, written or set for themselves.
    *("dialogue:done", "dialogue:cancel", "dialogue:nolead", "dialogue:nosource"),
    *("unsay:{said}", "unsay:{said}:y", "unsay:{comment}:y", "untip:{tip}"),
    *(
        "set:{other}:main",
        "set:{other}:pause:1",
        "set:{other}:zone:Asia/Kabul",
        "set:{other}:look",
        "fol:{other}:0:0",
    ),
    # The report is for the desk chat alone.
    *("set:{channel}:report", "set:{channel}:report:1"),
    *("set:{other}:cats", "new:{other}:0:words", "topics:{other}:0"),
    # A made-up press under no card of one's own, for which there is nothing to say yes to.
    *("invented:1", "read:0x1", "read:۱", "set:{channel}:main:", "fire:{person}:y:y"),
)
_OF_EDITORS = (
    # Another person's article is an editor's, and looks like an unknown number to an author.
    *("view:{draft}:0", "post:{draft}:view", "submit:{draft}", "review:view:{review}", "review:edit:{review}"),
    *("review:back:{review}", "keep:{draft}", "drop:{draft}", "edit:{draft}", "edit:{draft}:title"),
    *("edit:{draft}:cat:1", "merge:{draft}:1:show", "edit:{review}:body", "edit:{planned}:over"),
    *("edit:{draft}:cat", "edit:{draft}:media", "edit:{draft}:nophoto", "edit:{draft}:desk:none"),
    *("edit:{draft}:less:9:0", "edit:{draft}:bare:9", "merge:{draft}:1:put", "merge:{draft}:1:n"),
    *("edit:{draft}:words", "words:{draft}:1:y", "paras:{draft}:0", "para:{draft}:9:0", "para:less:{draft}:9:0"),
    *("follows:ask:{draft}", "follows:new:{draft}", "follows:{draft}:{news}", "follows:{draft}:0"),
    "post:{draft}:as:-5",
    *("copy:show:{draft}:1:9", "copy:undo:{draft}:1:9", "copy:one:{draft}:1:9:7", "copy:all:{draft}:1:9"),
    *(
        "copy:ask:{draft}",
        "copy:apply:{draft}:9",
        "house:0",
        "house:add",
        "house:drop:{word}:0",
        "house:drop:{word}:0:y",
    ),
    *(
        "pub:{draft}:9",
        "review:show:{review}",
        "review:no:{review}",
        "review:yes:{review}:9",
        "waiting:0",
        "gate:0",
    ),
    *("gate:open", "gate:yes:{review}:9:0", "gate:drop:{review}:9:0", "gate:all:1:1:0123456789abcdef", "gate:no"),
    *(
        "gate:sure:1:1:0123456789abcdef",
        "proposal:show:{news}",
        "proposal:whole:{news}:0",
        "proposal:yes:{news}:1:1",
    ),
    *("proposal:no:{news}:1", "retract:{news}", "plan:{draft}:1", "plan:{draft}:9:4102444800000:0", "planned:0"),
    *("rush:{draft}", "rush:{draft}:1:y", "fix:{news}:1:1:y", "pull:{news}:1:y", "copies:{news}", "outbox:0"),
    *(
        "out:1:1:again",
        "out:1:1:there",
        "out:1:1:drop",
        "stats:7",
        "sources:0",
        "source:{source}",
        "sources:found:0",
    ),
    *("source:{source}:pause", "source:{source}:resume", "source:{source}:fetch", "source:{source}:ask"),
    *("request:{source}", "request:set:{source}:cookie", "request:del:{source}:0123456789abcdef"),
    *("source:edit:{source}", "source:cat:{source}", "source:cat:{source}:2", "source:to:{source}:1"),
    *("source:every:{source}", "source:every:{source}:300", "source:changes:{source}", "source:name:{source}"),
    *("source:noname:{source}", "source:url:{source}", "source:url:{source}:1:0", "source:remove:{source}"),
    *("source:pull:{source}", "source:pull:{source}:1"),
    *("rules:{source}:0", "rules:0:0", "rule:new:{source}", "rule:new:{source}:drop", "rule:new:{source}:cat:1"),
    *("rule:again:1", "rule:save:1", "rule:no:1", "rule:drop:{rule}:{source}", "rule:drop:{rule}:0:y"),
    *("sections:{source}:0", "learned:{source}:0123456789ab", "learn:1:n", "learn:1:y"),
    *(
        "addsource",
        "offer:1:0:1:0",
        "offer:cat:1:0:1:0",
        "offer:post:1:0:1:0:0",
        "offer:add:1:0:1:0",
        "offer:all:1",
        "offer:no:1",
    ),
    *("channels:0", "channels:of:{channel}", "whom:0", "say:1:y", "told:1", "told:1:ask", "told:1:pull"),
    *("audit:a:n", "diff:{news}:1:a:n", "unplan:{planned}", "retract:why:{news}", "unpub:{news}"),
    *("gate:back:{news}:0", "gate:fresh:0", "unpub:or:{news}", "drafts:open:{draft}", "planned:open:{planned}"),
    *("gate:join:{review}:1:9:0", "story:ask:{news}", "story:join:{news}:9", "story:part:{news}:9"),
    *("story:apart:{news}:9:0", "story:list:{news}:0"),
    *("tips:0", "tip:open:{tip}", "tip:files:{tip}", "tip:mute:{tip}", "tip:{tip}:back", "tip:{tip}:read"),
    "tip:draft:{tip}",
)
_OF_OWNERS = (
    "request:set:{source}:proxy",
    *(
        "people:0",
        "person:{person}",
        "role:{person}:editor",
        "uninvite:{invitation}",
        "invite:owner",
        "let:{pending}:y",
        "pause:n",
    ),
    *("fire:{person}", "fire:{person}:y"),
)

PRESSES: dict[str, frozenset[Who]] = {
    **dict.fromkeys(_OF_READERS, EVERYBODY),
    **dict.fromkeys(_OF_A_CHANNEL, LOOKS_AFTER),
    **dict.fromkeys(_OF_NOBODY, NOBODY),
    **dict.fromkeys(
        ("post:1", "import:here", "drafts:0", "choose:edit:waiting:0", "choose:open:edit:waiting"), WRITERS
    ),
    **dict.fromkeys(_OF_EDITORS, EDITORS),
    **dict.fromkeys(("queue:a", "mute:{comment}:c", "judge:{comment}:back:c", "judge:{comment}:ok:c"), MODERATORS),
    **dict.fromkeys(("down:{said}:y", "hushed:0", "lift:5", "judge:{comment}:mute:c"), MODERATORS),
    **dict.fromkeys(_OF_OWNERS, OWNERS),
    **dict.fromkeys(("desk", "desk:open:desk", "settled:1"), MODERATORS | WRITERS),
    "open:welcome": EVERYBODY,
    "seen:{news}:y": EVERYBODY,
    "seen:digest:y": EVERYBODY,
    # It takes away the message under which it is pressed.
    "post:{draft}:close": WRITERS,
}
"""Rights to press buttons in one's own chat with the bot, the harmless before what ends its subject."""

_READERS_COMMANDS = (
    "latest",
    "top",
    "categories",
    "category",
    "article",
    "search",
    "subscriptions",
    "digest",
    "settings",
)
_EDITORS_COMMANDS = (
    *("approve", "publish {draft}", "planned", "breaking {draft}", "correct {news}", "retract {news} علت"),
    *("outbox", "stats", "sources", "channels", "announce متن", "audit", "follow {draft}", "words", "tips"),
)

COMMANDS: dict[str, frozenset[Who]] = {
    **dict.fromkeys((*_READERS_COMMANDS, "help", "start", "saved", "history", "tip", "cancel"), EVERYBODY),
    **dict.fromkeys(("subscribe سیاسی", "unsubscribe"), EVERYBODY),
    **dict.fromkeys(("post سیاسی", "import", "drafts"), WRITERS),
    **dict.fromkeys(("preview {draft}", "edit {draft}", "submit {draft}"), EDITORS),
    **dict.fromkeys(_EDITORS_COMMANDS, EDITORS),
    "comments": MODERATORS,
    "desk": MODERATORS | WRITERS,
    **dict.fromkeys(("editors", "invite owner", "pause", "resume"), OWNERS),
}
"""Rights to commands in one's own chat with the bot."""

DECIDES_IN_GROUPS = {"subscribe", "unsubscribe"}
"""Readers' commands that in a group are its administrators' alone; of the newsroom's it hears none."""
