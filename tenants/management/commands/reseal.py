"""`manage.py reseal`: what companies entrusted, sealed anew under the first of the keys."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.context import as_tenant
from tenants.errors import SealBroken
from tenants.queries import all_tenant_ids
from tenants.sealed import reseal


class Command(BaseCommand):
    """Reseals every company's secrets, one transaction a company; it may be run again."""

    help = (
        "Seal every company's secrets under the first of WARMLINE_SEALING_KEYS; afterwards the "
        "older keys may go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """All companies, also those after one that fails."""
        resealed, failures = 0, []
        for tenant_id in all_tenant_ids():
            try:
                with as_tenant(tenant_id):
                    resealed += reseal()
            except SealBroken as error:
                failures.append(f"company {tenant_id}: {error}")
        self.stdout.write(f"{resealed} secrets sealed under the first key")
        if failures:
            raise CommandError("\n".join([*failures, "keep the older keys until this passes"]))
