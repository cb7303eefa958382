"""Django's registration of this app."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.apps import AppConfig


class ShadowConfig(AppConfig):
    """The app `shadow`."""

    name = "shadow"

    def ready(self) -> None:
        """What is erased of a call is erased here too."""
        from telephony.calls.erasing import calls_erased

        calls_erased.connect(_erase, dispatch_uid="shadow")


def _erase(call_ids: Sequence[UUID], **_: Any) -> int:
    from shadow.actions import erase_runs

    return erase_runs(call_ids)
