from typing import Literal

ShadowVerdict = Literal['agent_better', 'agree', 'human_better', 'unsafe']

SHADOW_VERDICT_VALUES: set[ShadowVerdict] = { 'agent_better', 'agree', 'human_better', 'unsafe',  }

def check_shadow_verdict(value: str) -> ShadowVerdict:
    if value in SHADOW_VERDICT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SHADOW_VERDICT_VALUES!r}")
