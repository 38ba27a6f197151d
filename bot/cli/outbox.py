"""peyk outbox: unfinished deliveries, their errors, and the decisions about them."""

from functools import partial
from typing import Annotated

import typer

from bot.cli.context import AsJson, command, opened_database, print_json, print_records, wakes_nobody
from bot.cli.printing import json_records
from bot.clock import now_ms
from bot.delivery.outbox_actions import OutboxActions
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from storage import chats, deliveries
from storage.engine.database import Database
from storage.records import DeliveryState

app = typer.Typer(help="Pending and failed deliveries.")

_DELIVERY = ("id", "state", "chat", "title", "article", "reason")
_OPEN = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN, DeliveryState.SENDING, DeliveryState.PENDING)
_Id = Annotated[
    int, typer.Argument(metavar="ID", min=1, help="The number of the delivery, as `peyk outbox` shows it.")
]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="The number of deliveries of each state.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show deliveries by state, then what is refused, uncertain, being sent or waiting, chat by chat, and why.

    First lines: state, deliveries. Then: id, state, chat, title, article, reason.
    """
    if context.invoked_subcommand is None:
        _show(limit, as_json=as_json)


@app.command()
@command
async def retry(delivery_id: _Id) -> None:
    """Send a refused, withdrawn, expired or uncertain delivery (again)."""
    async with opened_database() as (_, database):
        await _actions(database).retry(delivery_id, actor_id=0)


@app.command()
@command
async def drop(delivery_id: _Id) -> None:
    """Drop a pending, refused or uncertain delivery."""
    async with opened_database() as (_, database):
        await _actions(database).drop(delivery_id, actor_id=0)


@app.command()
@command
async def arrived(delivery_id: _Id) -> None:
    """Mark an uncertain delivery as arrived."""
    async with opened_database() as (_, database):
        await _actions(database).arrived(delivery_id, actor_id=0)


@command
async def _show(limit: int, *, as_json: bool) -> None:
    async with opened_database() as (_, database), database.read() as connection:
        counts = await deliveries.counts(connection)
        open_deliveries = [
            delivery for state in _OPEN for delivery in await deliveries.of_state(connection, state, limit=limit)
        ]
        known = await chats.get_many(connection, [delivery.chat_id for delivery in open_deliveries])
    states = [(state, counts.get(state, 0)) for state in DeliveryState]
    # A chat whose row is malformed has no title.
    titles = {chat_id: chat.title for chat_id, chat in known.items()}
    records = [
        (
            delivery.id,
            delivery.state,
            delivery.chat_id,
            titles.get(delivery.chat_id, ""),
            delivery.article_id,
            delivery.reason,
        )
        for delivery in open_deliveries
    ]
    if as_json:
        print_json({"states": dict(states), "deliveries": json_records(_DELIVERY, records)})
        return
    print_records(("state", "deliveries"), states)
    print_records(_DELIVERY, records, empty="no delivery is open")


def _actions(database: Database) -> OutboxActions:
    return OutboxActions(partial(acting, database, right=Right.OUTBOX), now_ms, wakes_nobody)
