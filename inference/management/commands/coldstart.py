"""`manage.py coldstart`: measure a replica's starts by stage, and tell the warmer."""

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final, cast
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from inference import models
from inference.errors import PrimingFailed, ProvisionerFailed
from inference.fleet import queries
from inference.fleet.replica_states import STAGES
from inference.provisioners.registry import provisioner_for
from inference.provisioners.types import Order, Provisioner, Started
from inference.warming import record
from inference.warming.observe import probe, region_prefixes
from inference.warming.prime import prime
from inference.warming.sleep import SleepFailed, put_to_sleep, wake
from tenants.columns import check_columns
from tenants.context import as_control
from warmline.kernel import roles
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

# Beside the pool's own replicas, whose numbers begin at 1.
FIRST_NUMBER: Final = 90
LOOK_S: Final = 0.1


class Command(BaseCommand):
    """Measures cold starts on the machine that runs."""

    help = "Start a replica beside the pool's own, n times, and table the seconds of each stage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The pool, the number of starts, and how long one may take."""
        parser.add_argument("--pool", default="us-east/think/frontdesk", help="the pool's name")
        parser.add_argument(
            "-n", "--starts", type=int, default=3, help="how many starts, one after another"
        )
        parser.add_argument(
            "--sleep",
            action="store_true",
            help="also put it to sleep, and time the wake until warm",
        )
        parser.add_argument(
            "--csv", type=Path, help="write each start's seconds here, for `simulate --starts`"
        )
        parser.add_argument(
            "--at-most", type=float, default=600.0, help="seconds that one start may take"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait, prime, stop.

        Then print the table, and keep the figure that the warmer plans with.
        """
        if options["starts"] < 1:
            raise CommandError(f"--starts {options['starts']}: expected at least 1")
        try:
            check_columns(models.Pool, {"name": options["pool"]})
        except BadInput as error:
            raise CommandError(f"--pool: {error}") from error
        with as_control():
            pool = models.Pool.objects.filter(name=options["pool"]).first()
            if pool is None:
                raise CommandError(
                    f"no pool {options['pool']!r}; there are: {', '.join(queries.pool_names())}"
                )
            starts = []
            for number in range(options["starts"]):
                stages = self._one(
                    pool, number=number, at_most_s=options["at_most"], sleep=options["sleep"]
                )
                starts.append(stages)
                self.stdout.write(f"start {number + 1}: warm after {stages['warm']:.1f} s")
            before_s = pool.start_s
            warm_s = [stages["warm"] for stages in starts]
            record.note_starts(pool, warm_s)
        self._print(pool, starts)
        self.stdout.write(
            f"the warmer now plans with {pool.start_s:.1f} s a start (before: {before_s:.1f} s)"
        )
        if options["csv"] is not None:
            _write_csv(options["csv"], warm_s)

    def _one(
        self, pool: models.Pool, *, number: int, at_most_s: float, sleep: bool
    ) -> dict[str, float]:
        provisioner = provisioner_for(pool=pool.name, fixed_url="")
        order = Order(
            replica=ReplicaId(str(uuid4())),
            region=RegionCode(pool.region_id),
            role=cast("Role", pool.role),
            model=pool.model,
            slots=pool.slots,
            number=FIRST_NUMBER + number,
            may_sleep=sleep,
        )
        begun = time.monotonic()
        try:
            started = provisioner.start(order)
        except ProvisionerFailed as error:
            raise CommandError(str(error)) from error
        try:
            started, stages = self._until_warm(
                pool, provisioner, started, begun=begun, at_most_s=at_most_s
            )
            return stages | (_asleep_and_back(pool, started.base_url) if sleep else {})
        finally:
            provisioner.stop(started.handle, grace_s=5.0)

    def _until_warm(
        self,
        pool: models.Pool,
        provisioner: Provisioner,
        started: Started,
        *,
        begun: float,
        at_most_s: float,
    ) -> tuple[Started, dict[str, float]]:
        while not (started.base_url and probe(started.base_url, fixed=False).answers):
            status = provisioner.status(started.handle)
            if not status.running:
                raise CommandError(f"it died: {status.why}")
            started = Started(status.base_url or started.base_url, status.handle or started.handle)
            if time.monotonic() - begun > at_most_s:
                raise CommandError(f"it did not answer within {at_most_s:.0f} s")
            time.sleep(LOOK_S)
        listening = time.monotonic()
        _prime(pool, started.base_url)
        warm = time.monotonic()
        return started, {
            **provisioner.status(started.handle).stages_s,
            "listen": listening - begun,
            "prime": warm - listening,
            "warm": warm - begun,
        }

    def _print(self, pool: models.Pool, starts: list[dict[str, float]]) -> None:
        stages = [stage for stage in STAGES if any(stage in start for start in starts)]
        table = Table(
            "start", *(f"{stage} s" for stage in stages), title=f"cold starts of {pool.name}"
        )
        for number, start in enumerate(starts, start=1):
            table.add_row(
                str(number), *(f"{start[stage]:.2f}" if stage in start else "" for stage in stages)
            )
        middle = {
            stage: median(start[stage] for start in starts if stage in start) for stage in stages
        }
        table.add_row("median", *(f"{middle[stage]:.2f}" for stage in stages))
        Console(file=self.stdout, width=140).print(table)  # type: ignore[arg-type]
        if "wake" in middle:
            self.stdout.write(
                f"a wake is {middle['warm'] / middle['wake']:.0f} times faster than a start"
            )


def _write_csv(path: Path, starts_s: Sequence[float]) -> None:
    """Whole seconds, as a replay counts them."""
    rows = ["seconds", *(str(max(1, round(seconds))) for seconds in starts_s)]
    try:
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error}") from error


def _prime(pool: models.Pool, base_url: str) -> None:
    prefixes = region_prefixes(pool.region_id) if pool.role == roles.LLM else ()
    try:
        prime(cast("Role", pool.role), base_url, pool.model, prefixes=prefixes)
    except PrimingFailed as error:
        raise CommandError(str(error)) from error


def _asleep_and_back(pool: models.Pool, base_url: str) -> dict[str, float]:
    """Seconds to fall asleep, and from the wish to wake until it is warm again.

    Prefixes and canary run anew.
    """
    try:
        asleep_s = put_to_sleep(base_url)
        begun = time.monotonic()
        wake(base_url)
    except SleepFailed as error:
        raise CommandError(str(error)) from error
    _prime(pool, base_url)
    return {"sleep": asleep_s, "wake": time.monotonic() - begun}
