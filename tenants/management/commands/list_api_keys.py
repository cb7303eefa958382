"""`manage.py list_api_keys --tenant rivertown`: every key, without its secret."""

from typing import Any

from tenants.keys.queries import every_key
from tenants.management.tenant_command import TenantCommand


class Command(TenantCommand):
    """Lists a tenant's API keys."""

    help = "List a tenant's API keys, newest first, those that ended among them."

    def handle_tenant(self, **options: Any) -> object:
        """All of each as JSON; as text what tells them apart."""
        keys = every_key()
        if options["json"]:
            return keys
        return [
            {
                "id": str(key.id),
                "key": f"wl_{key.prefix}_…",
                "state": key.state,
                "name": key.name,
                "ends": key.expires_at and key.expires_at.isoformat(timespec="minutes"),
                "used": key.last_used_at and key.last_used_at.isoformat(timespec="minutes"),
            }
            for key in keys
        ]
