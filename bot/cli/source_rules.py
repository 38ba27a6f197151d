"""peyk sources rules: add, list, remove, try."""

from typing import Annotated

import typer

from bot.cli.context import AsJson, command, opened_database, print_line, print_records
from bot.cli.source_lookup import find
from bot.clock import now_ms
from bot.ingest.routing.rules import effect_of
from bot.ingest.sources.source_admin import SourceAdmin, try_rule
from storage import audit, source_rules
from storage.engine.database import Database
from storage.records import RuleAction

app = typer.Typer(no_args_is_help=True)

Query = Annotated[str, typer.Argument(help="A search: words, quoted phrases, `-exclusions`, `category:NAME`.")]
OfSource = Annotated[
    str, typer.Option("--source", help="The id or address of one source. Without it, all sources count.")
]


@app.command()
@command
async def add(
    query: Query,
    action: Annotated[
        RuleAction,
        typer.Argument(
            help="`drop` keeps the item and shows it to nobody; `review` sends it to the intake; "
            "`category` moves it; `tag` adds a tag; `breaking` suggests it to editors as breaking "
            "news; `quiet` publishes it and pushes it to nobody."
        ),
    ],
    argument: Annotated[str, typer.Argument(help="The name of the category, or the tag.")] = "",
    source: OfSource = "",
) -> None:
    """Add a rule. It holds for items that come from now on."""
    async with opened_database() as (_, database):
        source_id = await _id_of(database, source)
        rule = await SourceAdmin(database, now_ms).add_rule(
            source_id, query, action, argument, actor_id=audit.COMMAND_LINE
        )
    print_records(
        ("id", "source", "effect", "search"), [(rule.id, source_id or "all", effect_of(rule), rule.query)]
    )


@app.command("list")
@command
async def list_(as_json: AsJson = False) -> None:
    """List the rules: id, id of the source or all, effect, search."""
    async with opened_database() as (_, database), database.read() as connection:
        rules = await source_rules.all_(connection)
    print_records(
        ("id", "source", "effect", "search"),
        [(rule.id, rule.source_id or "all", effect_of(rule), rule.query) for rule in rules],
        as_json=as_json,
        empty="there is no rule",
    )


@app.command()
@command
async def remove(rule: Annotated[int, typer.Argument(help="The id of the rule.")]) -> None:
    """Remove a rule."""
    async with opened_database() as (_, database):
        removed = await SourceAdmin(database, now_ms).remove_rule(rule, actor_id=audit.COMMAND_LINE)
    print_line(f"removed {removed.query}")


@app.command("try")
@command
async def try_(query: Query, source: OfSource = "", as_json: AsJson = False) -> None:
    """Show which of the newest 50 items a rule with this search finds: id, yes or no, title. Nothing is stored."""
    async with opened_database() as (_, database):
        source_id = await _id_of(database, source)
        async with database.read() as connection:
            tried = await try_rule(connection, source_id, query)
    print_records(
        ("id", "found", "title"),
        [(article.id, "yes" if hit else "no", article.content.title) for article, hit in tried],
        as_json=as_json,
        empty="no source has brought an article yet",
    )


async def _id_of(database: Database, source: str) -> int | None:
    return (await find(database, source)).id if source else None
