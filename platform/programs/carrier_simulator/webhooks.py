"""The carrier's requests to the web plane, signed as Twilio signs them."""

import asyncio
import secrets

import aiohttp
from twilio.request_validator import RequestValidator

from warmline.kernel.errors import Unavailable

WEBHOOK_S = 15.0  # in all, connection included: Twilio's own bound


class WebhookFailed(Unavailable):
    """The web plane gave no answer that a carrier could use."""


class Webhooks:
    """Posts forms to one public address with the account's token."""

    def __init__(self, session: aiohttp.ClientSession, *, public_url: str, auth_token: str) -> None:
        self._session, self._public_url = session, public_url.rstrip("/")
        self._validator = RequestValidator(auth_token)

    def sign(self, url: str, form: dict[str, str] | None = None) -> str:
        """X-Twilio-Signature of a request to that exact URL."""
        return str(self._validator.compute_signature(url, form or {}))

    def absolute(self, url: str) -> str:
        """A verb's URL may be relative to the document's."""
        return url if url.startswith("http") else f"{self._public_url}/{url.lstrip('/')}"

    async def post(self, url: str, form: dict[str, str]) -> str:
        """The answer's text; `WebhookFailed` when it is not 2xx.
        One retry, on a failed connection only.
        """
        url = self.absolute(url)
        headers = {
            "X-Twilio-Signature": self.sign(url, form),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        for attempt in (1, 2):
            try:
                async with (
                    asyncio.timeout(WEBHOOK_S),
                    self._session.post(url, data=form, headers=headers) as answer,
                ):
                    text = await answer.text()
                    if answer.status // 100 != 2:
                        raise WebhookFailed(f"{url}: {answer.status} {text[:200]}")
                    return text
            except aiohttp.ClientConnectionError as refused:
                if attempt == 2:
                    raise WebhookFailed(f"{url}: {refused}") from refused
            except TimeoutError as late:
                raise WebhookFailed(f"{url}: no answer in {WEBHOOK_S:g} s") from late
        raise AssertionError("unreachable")
