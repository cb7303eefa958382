"""Why an agent cannot be tried now."""

from collections.abc import Mapping
from typing import Final

from warmline.kernel.errors import BadInput, Unavailable


class BadTry(BadInput):
    """Messages that are no conversation with an agent."""


class NoModelWarm(Unavailable):
    """No model can answer now: none is warm where the company's calls may be answered."""


class TriesBusy(Unavailable):
    """As many tries run as may at once; they end within seconds."""

    http_status = 429


class NoAnswer(Unavailable):
    """The model was asked and gave no whole answer in time."""


FAILURES: Final[Mapping[str, type[Unavailable]]] = {
    failure.code: failure for failure in (NoModelWarm, TriesBusy, NoAnswer)
}
