"""Django's registration of this app."""

from django.apps import AppConfig


class RagConfig(AppConfig):
    """The app `rag`."""

    name = "rag"

    def ready(self) -> None:
        """What a company's agents knew goes with the company."""
        from rag import originals
        from rag.chroma import TenantIndex
        from tenants.company.erasure import erases

        erases(
            "knowledge index",
            erase=lambda tenant_id: TenantIndex(tenant_id).erase(),
            left=lambda tenant_id: TenantIndex(tenant_id).count(),
        )
        erases("documents", erase=originals.remove_all, left=originals.count)
