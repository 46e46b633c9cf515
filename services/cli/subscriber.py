"""Let other union systems subscribe to public events, and look after their subscriptions."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.accounts.subscribers.domain import Subscription, SubscriptionNotFound
from services.accounts.subscribers.endpoints import check_url
from services.accounts.subscribers.queries import list_subscriptions, view_of
from services.accounts.subscribers.secrets import Credentials
from services.accounts.subscribers.usecases.add_subscription import (
    AddSubscription,
    add_subscription,
    renew_secret,
)
from services.accounts.subscribers.usecases.change_subscription import (
    end_subscription,
    pause_subscription,
    resume_subscription,
)
from services.chassis.queues import BrokerQueues
from services.chassis.response import encode_json
from services.chassis.runtime import Runtime
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed
from services.cli.subscribers.kit import write_kit
from services.cli.subscribers.runtime import accounts_runtime, new_work
from services.cli.subscribers.samples import LANGUAGES, WEBHOOK, Places, sample, without_user
from services.contracts import public


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, for whom."""
    actions = (*ACTIONS, "list", "types", "kit")
    parser.add_argument("action", choices=actions)
    parser.add_argument("name", nargs="?", help="the subscription's name; for kit, a folder")
    parser.add_argument("--types", default="", help="add: event types, with commas")
    parser.add_argument("--title", default="", help="add: whose system it is")
    parser.add_argument("--webhook", metavar="URL", help="add: post to this address; else a queue")
    parser.add_argument("--after", type=int, help="resume: once more from after this number")
    parser.add_argument("--language", choices=LANGUAGES, default="python", help="of the code shown")
    parser.add_argument("--broker", help="the broker's address as subscribers see it")
    parser.add_argument("--api", help="the portal's address as subscribers see it")
    parser.add_argument("--data", type=Path, help="the data folder of a running `./huixin up`")


def run(arguments: argparse.Namespace) -> int:
    """Secrets are shown once, on the error stream; the code to run on the other."""
    if arguments.action == "types":
        print("\n".join(public.PUBLIC))
        print("\n".join(f"{kind}   (with a data-sharing grant)" for kind in public.SHAREABLE))
        return 0
    if arguments.action != "list" and not arguments.name:
        raise CommandFailed("Which one? `./huixin subscriber list` shows their names.")
    if arguments.action == "kit":
        print(f"{write_kit(Path(arguments.name))} files in {arguments.name}")
        return 0
    with accounts_runtime(arguments.data) as runtime:
        if arguments.action == "list":
            return _list(runtime)
        ACTIONS[arguments.action](arguments, runtime)
    return 0


def _list(runtime: Runtime) -> int:
    with runtime.database.reading() as connection:
        cursor, number = None, 0
        while True:
            found = list_subscriptions(connection, cursor, 200)
            for item in found["items"]:
                number += 1
                print(_line(item))
            cursor = found["next"]
            if cursor is None:
                break
    print(f"{number} subscriptions.")
    return 0


def _line(item: dict[str, Any]) -> str:
    behind = item["last"] - item["delivered"]
    unread = item["last"] - item["confirmed"]
    return (
        f"{item['name']:<28}{item['kind']:<9}{item['state']:<9}last {item['last']:<9}"
        f"to deliver {behind:<8}to confirm {unread:<8}{item['reason']}"
    )


def _add(arguments: argparse.Namespace, runtime: Runtime) -> None:
    command = AddSubscription(
        name=arguments.name,
        title=arguments.title or arguments.name,
        types=tuple(each.strip() for each in arguments.types.split(",") if each.strip()),
        url=check_url(arguments.webhook) if arguments.webhook else None,
    )
    queues = BrokerQueues(runtime.settings.amqp_url)
    added, credentials = add_subscription(command, uow=new_work(runtime), queues=queues)
    _show_secrets(credentials)
    print(_code(added, arguments))


def _show(arguments: argparse.Namespace, runtime: Runtime) -> None:
    found = _named(arguments.name, runtime)
    with runtime.database.reading() as connection:
        view = view_of(found, connection)
    if found.kind.value == "queue":
        depth = BrokerQueues(runtime.settings.amqp_url).depth(found.queue)
        view["waiting"], view["consumers"] = depth or (None, None)
    print(json.dumps(json.loads(encode_json(view)), ensure_ascii=False, indent=2))


def _pause(arguments: argparse.Namespace, runtime: Runtime) -> None:
    found = _named(arguments.name, runtime)
    print(f"{pause_subscription(found.id, uow=new_work(runtime)).name} rests.")


def _resume(arguments: argparse.Namespace, runtime: Runtime) -> None:
    found = _named(arguments.name, runtime)
    resumed = resume_subscription(found.id, arguments.after, uow=new_work(runtime))
    print(f"{resumed.name} is delivered again, from number {resumed.delivered + 1}.")


def _rotate(arguments: argparse.Namespace, runtime: Runtime) -> None:
    _, credentials = renew_secret(_named(arguments.name, runtime).id, uow=new_work(runtime))
    _show_secrets(credentials)


def _end(arguments: argparse.Namespace, runtime: Runtime) -> None:
    found = _named(arguments.name, runtime)
    queues = BrokerQueues(runtime.settings.amqp_url)
    end_subscription(found.id, uow=new_work(runtime), queues=queues)
    print(f"{found.name} has ended.")


def _print_code(arguments: argparse.Namespace, runtime: Runtime) -> None:
    print(_code(_named(arguments.name, runtime), arguments))


def _named(name: str, runtime: Runtime) -> Subscription:
    with new_work(runtime) as uow:
        found = uow.subscriptions.named(name)
    if found is None:
        raise SubscriptionNotFound(f"«{name}»; `./huixin subscriber list` shows their names")
    return found


def _code(found: Subscription, arguments: argparse.Namespace) -> str:
    file = WEBHOOK if found.url else LANGUAGES[arguments.language]
    return sample(file, found.name, str(found.id), _places(arguments))


def _places(arguments: argparse.Namespace) -> Places:
    broker = arguments.broker or without_user(
        read_setting("ACCOUNTS_AMQP_URL", "HUIXIN_AMQP_URL", folder=arguments.data)
    )
    api = arguments.api or read_setting("PORTAL_PUBLIC_URL", folder=arguments.data)
    return Places(broker, api.rstrip("/"))


def _show_secrets(credentials: Credentials) -> None:
    print(f"Shown this once. User {credentials.user}", file=sys.stderr)
    print(f"HUIXIN_SECRET={credentials.secret}", file=sys.stderr)
    if credentials.signing_key:
        print(f"HUIXIN_SIGNING_KEY={credentials.signing_key}", file=sys.stderr)


ACTIONS: dict[str, Callable[[argparse.Namespace, Runtime], None]] = {
    "add": _add,
    "show": _show,
    "code": _print_code,
    "pause": _pause,
    "resume": _resume,
    "rotate": _rotate,
    "end": _end,
}
