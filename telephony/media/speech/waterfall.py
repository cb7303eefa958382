"""The stages of a turn, time to first token (TTFT) among them, after the last speech frame."""

from collections.abc import Callable

from telephony.media.metrics import STAGE_SECONDS
from telephony.media.replicas.completion import Completion
from warmline.kernel.call import TurnTimed
from warmline.kernel.regions import RegionCode


class Waterfall:
    """Remembers the first moment of each stage.

    `zero_ms` is the last speech frame, on the call's clock.
    """

    def __init__(self, *, clock_ms: Callable[[], float]) -> None:
        self._clock_ms = clock_ms
        self.zero_ms: float | None = None
        self._moments: dict[str, float] = {}

    def reached(self, stage: str) -> None:
        """This stage is reached now; later moments of the same stage do not count."""
        self.reached_at(stage, self._clock_ms())

    def reached_at(self, stage: str, at_ms: float) -> None:
        """This stage was reached then, on the call's clock."""
        self._moments.setdefault(stage, at_ms)

    def timed(self, *, turn: int, completion: Completion, region: RegionCode) -> TurnTimed:
        """The turn's waterfall as an event."""
        endpoint, usage = completion.endpoint, completion.usage
        first_audio_ms, answer_ms = self._since("first_audio"), self._since("answer")
        return TurnTimed(
            turn=turn,
            replica=endpoint.replica if endpoint else "",
            region=endpoint.region if endpoint else region,
            end_of_turn_ms=self._since("end_of_turn"),
            final_text_ms=self._since("final_text"),
            retrieval_ms=self._since("retrieval"),
            first_token_ms=self._since("first_token"),
            first_sentence_ms=self._since("first_sentence"),
            first_audio_ms=first_audio_ms,
            prompt_tokens=usage.prompt_tokens if usage else None,
            completion_tokens=usage.completion_tokens if usage else None,
            answer_ms=None if answer_ms == first_audio_ms else answer_ms,
        )

    def measure(self) -> None:
        """Count the stages in the process's histograms."""
        for stage in self._moments:
            since_ms = self._since(stage)
            if since_ms is not None:
                STAGE_SECONDS.labels(stage).observe(since_ms / 1000)

    def _since(self, stage: str) -> float | None:
        moment = self._moments.get(stage)
        if moment is None or self.zero_ms is None:
            return None
        return round(moment - self.zero_ms, 1)
