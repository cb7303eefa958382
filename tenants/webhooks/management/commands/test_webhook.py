"""`manage.py test_webhook --tenant rivertown ENDPOINT`: a test event, and what came of it."""

import time
from typing import Any, Final
from uuid import UUID

from django.core.management.base import CommandParser

from tenants.context import as_tenant, current_tenant_id
from tenants.management.tenant_command import TenantCommand
from tenants.webhooks import queries
from tenants.webhooks.replaying import send_test
from warmline.kernel.errors import Unavailable

# A try takes 15 s at most, and the sender looks each second.
WAIT_S: Final = 20.0
_LOOK_S: Final = 0.25


class Command(TenantCommand):
    """Sends a test and waits for its answer."""

    help = "Send a test event to a company's webhook endpoint and show what it answered."
    asks_outside = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Which endpoint."""
        super().add_arguments(parser)
        parser.add_argument("endpoint", type=UUID, metavar="ENDPOINT")

    def handle_tenant(self, **options: Any) -> object:
        """The delivery, once it was tried; it is sent by the sender, after the commit."""
        tenant_id = current_tenant_id()
        with as_tenant(tenant_id):
            delivery_id = send_test(options["endpoint"])
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            with as_tenant(tenant_id):
                delivery = queries.delivery(options["endpoint"], delivery_id)
            if delivery.state != "pending":
                return delivery
            time.sleep(_LOOK_S)
        raise Unavailable(
            f"the test was not sent within {WAIT_S:.0f} s: is `manage.py send_webhooks` running?"
        )
