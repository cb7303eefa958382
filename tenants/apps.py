"""Django's registration of this app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The app `tenants`."""

    name = "tenants"

    def ready(self) -> None:
        """Register what other packages find by being imported."""
        import tenants.api.document.credential
        import tenants.live_sessions
        import tenants.worker  # noqa: F401  what a job process does with inherited connections
        from tenants.company.erasure import erases
        from tenants.parked.actions import discard_of_company
        from tenants.parked.queries import jobs_left

        erases("parked jobs", erase=discard_of_company, left=jobs_left)
