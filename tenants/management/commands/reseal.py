"""`manage.py reseal`: what companies and people entrusted, sealed anew under the first key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.accounts.sealing import reseal_people
from tenants.context import as_tenant
from tenants.errors import SealBroken
from tenants.queries import all_tenant_ids
from tenants.sealed import reseal


class Command(BaseCommand):
    """Reseals everybody's secrets, one transaction a company; it may be run again."""

    help = (
        "Seal every company's and person's secrets under the first of WARMLINE_SEALING_KEYS; "
        "afterwards the older keys may go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """All companies, also those after one that fails."""
        resealed, failures = 0, []
        try:
            resealed += reseal_people()
        except SealBroken as error:
            failures.append(str(error))
        for tenant_id in all_tenant_ids():
            try:
                with as_tenant(tenant_id):
                    resealed += reseal()
            except SealBroken as error:
                failures.append(f"company {tenant_id}: {error}")
        self.stdout.write(f"{resealed} secrets sealed under the first key")
        if failures:
            raise CommandError("\n".join([*failures, "keep the older keys until this passes"]))
