"""`./huixin COMMAND …`: finds the command's file and runs it."""

import argparse
import sys
import warnings
from importlib import import_module

COMMANDS = {
    "demo": "show the whole system in one process: a seeded city and one worker's way through it",
    "up": "run the services as separate processes, with RabbitMQ and PostgreSQL given or private",
    "service": "run one service",
    "first-admin": "make the first administrator of a new system",
    "campaign": "let every row of a file of answers be given by a different worker, and compare",
    "test": "install what tests need and run them all",
    "check": "format, lint, types, rules, contracts, migrations, unit tests: about a minute",
    "mutate": "break the code in small ways and see whether a test notices",
    "bench": "measure the system against its limits and its peers, each as a ratio",
    "simulate": "how large a deployment a number of people needs, and how long they would wait",
    "faults": "kill, cut off and confuse the running system under load, and check what must hold",
    "audit-dependencies": "look for wrong pins, licences and known vulnerabilities",
    "scan-secrets": "look for keys and passwords that were written down by mistake",
    "sbom": "what an image contains, package by package, as a CycloneDX bill of materials",
    "features": "what the documents ask for, and the route, event or page that carries it",
    "contracts": "events and routes as documents, and whether a released promise is broken",
    "lint-migrations": "whether migrations may run while the last release serves",
    "topology": "declare the broker's exchanges, queues and users",
    "subscriber": "let other union systems read public events, and look after their subscriptions",
    "migrate": "bring the databases to the newest schema",
    "secrets": "make the secrets a system of containers needs, one file each",
    "probe": "ask one service on this machine whether it can work",
    "doctor": "what is wrong with a running system, and what to do about it",
    "monitoring": "the alert rules and dashboards, written out of their definitions",
    "backup": "keep a copy of every database as it is at one moment, sealed to a public key",
    "restore": "bring a backup back onto empty databases, and prove that it equals the original",
    "rotate-keys": "give a running system new keys, and see what still needs an old one",
    "audit": "prove that the audit log is whole",
    "parked": "list, inspect, replay or drop events that could not be handled",
}


def main(arguments: list[str]) -> int:
    """Run one command; 2 where there is no such command."""
    name = arguments[0] if arguments else "help"
    if name in {"help", "-h", "--help"}:
        print(overview())
        return 0
    if name not in COMMANDS:
        print(f"There is no command «{name}».\n\n{overview()}", file=sys.stderr)
        return 2
    return run(name, arguments[1:])


def run(name: str, arguments: list[str]) -> int:
    """Import the command's file, and say in one line what a person can mend."""
    from services.cli.errors import CommandFailed

    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    command = import_module(f"services.cli.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(f"./huixin {name}", description=command.__doc__)
    command.add_arguments(parser)
    try:
        return int(command.run(parser.parse_args(arguments)))
    except CommandFailed as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def overview() -> str:
    """Every command and what it does, in plain words."""
    rows = [f"  {name:<20}{text}" for name, text in COMMANDS.items()]
    return "\n".join(
        [
            "Huixin 惠心 — mental-health care for a city's workers",
            "",
            "./huixin COMMAND [options]; ./huixin COMMAND --help says more.",
            "",
            *rows,
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
