from typing import Literal

WebhookDisabledBecause = Literal['by_hand', 'failing', 'gone']

WEBHOOK_DISABLED_BECAUSE_VALUES: set[WebhookDisabledBecause] = { 'by_hand', 'failing', 'gone',  }

def check_webhook_disabled_because(value: str) -> WebhookDisabledBecause:
    if value in WEBHOOK_DISABLED_BECAUSE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {WEBHOOK_DISABLED_BECAUSE_VALUES!r}")
