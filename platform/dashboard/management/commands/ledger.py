"""`manage.py ledger --hours 24`: what warmth cost, by pool and company; calls cold or untaken."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from inference.fleet.history import ledger_queries
from inference.fleet.history.ledger import REPORTED, Bill, PoolAccount, TenantUse, share_out
from telephony.calls import figures as telephony
from tenants import queries as tenants
from tenants.context import as_control, as_tenant
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

MOST_HOURS = 24 * 92


class Ledger(msgspec.Struct, frozen=True):
    """All that is printed."""

    since: datetime
    until: datetime
    accounts: tuple[PoolAccount, ...]
    bills: tuple[Bill, ...]
    uses: tuple[TenantUse, ...]


class Command(BaseCommand):
    """Reads and prints; the prices are the pools' own (`manage.py set_pool --price-an-hour`)."""

    help = (
        "Replica-hours by state, what they cost, idle warmth, each company's share, calls untaken"
        " and cold ones."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The period and the form."""
        parser.add_argument("--hours", type=float, default=24.0, help="how far back, to now")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add up and print."""
        if not 0 < options["hours"] <= MOST_HOURS:
            raise CommandError(
                f"--hours {options['hours']}: expected more than 0 and at most {MOST_HOURS}"
            )
        until = clock.now()
        report = ledger(since=until - timedelta(hours=options["hours"]), until=until)
        if options["json"]:
            self.stdout.write(msgspec.json.encode(report).decode())
        else:
            console = Console(file=self.stdout, width=150)  # type: ignore[arg-type]
            console.print(_pools(report), _companies(report))


def ledger(*, since: datetime, until: datetime) -> Ledger:
    """The whole platform's, within a period."""
    accounts = ledger_queries.accounts(since=since, until=until)
    with as_control():
        tenant_ids = tenants.all_tenant_ids()
    uses = tuple(_use(tenant_id, since=since, until=until) for tenant_id in tenant_ids)
    return Ledger(since, until, accounts, share_out(accounts, uses), uses)


def _use(tenant_id: TenantId, *, since: datetime, until: datetime) -> TenantUse:
    with as_tenant(tenant_id):
        return TenantUse(
            tenants.tenant().slug,
            telephony.agents_call_s(since=since, until=until),
            telephony.untaken_calls(since=since, until=until),
            telephony.cold_calls(since=since, until=until),
        )


def _pools(report: Ledger) -> Table:
    table = Table(
        title=f"replica-hours, {report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} UTC"
    )
    table.add_column("pool", no_wrap=True)
    states = [state.replace("_", " ") for state in REPORTED]
    figures = ("filled", "idle", "price", "cost", "of it idle", "cold calls avoided")
    for column in (*states, *figures):
        table.add_column(column, justify="right")
    for account in report.accounts:
        states = [f"{account.seconds.get(state, 0.0) / 3600:.2f}" for state in REPORTED]
        hours = [f"{seconds / 3600:.2f}" for seconds in (account.filled_s, account.idle_s)]
        money = [
            f"{amount:.2f}" for amount in (account.price_an_hour, account.cost, account.idle_cost)
        ]
        table.add_row(account.pool, *states, *hours, *money, str(account.cold_calls_avoided))
    return table


def _companies(report: Ledger) -> Table:
    table = Table(
        "company",
        "calls' hours",
        "cost",
        "of it idle",
        "calls that no agent took",
        "cold calls",
        title="companies",
    )
    bills = {bill.tenant: bill for bill in report.bills}
    uses = {use.tenant: use for use in report.uses}
    for name in {**bills, **uses}:
        bill, use = bills.get(name, Bill(name, 0.0, 0.0)), uses.get(name, TenantUse(name, {}, {}))
        untaken, cold = (
            ", ".join(f"{count}: {cause}" for cause, count in causes.items()) or "none"
            for causes in (use.untaken, use.cold)
        )
        hours = sum(use.call_s.values()) / 3600
        table.add_row(
            name, f"{hours:.2f}", f"{bill.cost:.2f}", f"{bill.idle_cost:.2f}", untaken, cold
        )
    return table
