"""Commands over the actions: the same refusals in one line, the same answers as text or JSON."""

import dataclasses
import getpass
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.actor import Actor, acting
from tenants.context import as_tenant, bound
from tenants.queries import tenant_by_slug
from warmline.kernel.errors import WarmlineError

REFUSED = 2


class OperatorCommand(BaseCommand):
    """A command of the platform's operator: what `handle_operator` returns is printed.

    One thing as `name: value` lines, several as a line each, with `--json` as JSON. A refusal is
    one line on standard error and exit status 2.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json`; a command adds its own."""
        parser.add_argument("--json", action="store_true", help="print JSON, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act as the operator and print what comes of it."""
        try:
            with acting(Actor("command", id=_login(), label="command line")):
                answer = self.answer(**options)
        except WarmlineError as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        if options["json"]:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(answer)).decode())
        else:
            for line in lines(answer):
                self.stdout.write(line)

    def answer(self, **options: Any) -> object:
        """What this command does and returns."""
        return self.handle_operator(**options)

    def handle_operator(self, **options: Any) -> object:
        """What a command does: its answer is frozen data, or several of them."""
        raise NotImplementedError


class TenantCommand(OperatorCommand):
    """The same inside one company, named by `--tenant`.

    A command that `asks_outside` has its tenant bound and no transaction: its actions open their
    own, so that no row waits for another company's answer.
    """

    asks_outside = False

    def add_arguments(self, parser: CommandParser) -> None:
        """`--tenant` and `--json`; a command adds its own."""
        super().add_arguments(parser)
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="whose it is")

    def answer(self, **options: Any) -> object:
        """What this command does in the company, in one transaction unless it asks outside."""
        binding = bound if self.asks_outside else as_tenant
        with binding(tenant_by_slug(options["tenant"]).tenant_id):
            return self.handle_tenant(**options)

    def handle_tenant(self, **options: Any) -> object:
        """What a command does: its answer is frozen data, or several of them."""
        raise NotImplementedError


def lines(answer: object) -> Iterable[str]:
    """An answer as people read it."""
    if answer is None:
        return ()
    if isinstance(answer, str):
        return (answer,)
    plain = _plain(answer)
    if isinstance(plain, Mapping):
        return [f"{name}: {_text(value)}" for name, value in plain.items()]
    if isinstance(plain, list):
        return ["  ".join(_text(value) for value in _values(row)) for row in plain]
    return (str(plain),)


def _values(row: Any) -> Iterable[Any]:
    return row.values() if isinstance(row, Mapping) else [row]


def _text(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return msgspec.json.encode(value).decode()
    return "-" if value in (None, "") else str(value)


def _plain(answer: object) -> Any:
    if dataclasses.is_dataclass(answer) or isinstance(answer, msgspec.Struct | list | tuple):
        return msgspec.to_builtins(answer)
    return answer


def _login() -> str:
    """Whose shell it is; a container may have no name for its user."""
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return ""
