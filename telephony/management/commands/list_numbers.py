"""`manage.py list_numbers --tenant rivertown`: a company's numbers and who answers each now."""

from typing import Any

from telephony.numbers import queries
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Lists numbers."""

    help = "List a company's numbers, with who answers each now."

    def handle_tenant(self, **options: Any) -> object:
        """All of each with `--json`; else what tells them apart."""
        numbers = queries.numbers()
        if options["json"]:
            return numbers
        return [
            {
                "number": number.e164,
                "answers now": number.answers_now,
                "mode": number.mode,
                "agent": number.agent_id,
                "id": number.id,
            }
            for number in numbers
        ]
