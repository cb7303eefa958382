"""How the API's credential appears in its OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A bearer token."""

    target_class = "tenants.api.api_keys.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme, as OpenAPI writes it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of your tenant: wl_…",
        }
