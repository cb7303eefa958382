from typing import Literal

VerdictsEnum = Literal['agent_better', 'agree', 'human_better', 'unsafe']

VERDICTS_ENUM_VALUES: set[VerdictsEnum] = { 'agent_better', 'agree', 'human_better', 'unsafe',  }

def check_verdicts_enum(value: str) -> VerdictsEnum:
    if value in VERDICTS_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {VERDICTS_ENUM_VALUES!r}")
