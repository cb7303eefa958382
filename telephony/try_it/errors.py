"""Why an agent cannot be tried now."""

from warmline.kernel.errors import BadInput, Unavailable


class BadTry(BadInput):
    """Messages that are no conversation with an agent."""


class NoModelWarm(Unavailable):
    """No model can answer now: none is warm where the company's calls may be answered."""


class TriesBusy(Unavailable):
    """As many tries run as may at once; they end within seconds."""

    http_status = 429
