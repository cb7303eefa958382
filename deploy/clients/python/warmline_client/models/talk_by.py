from typing import Literal

TalkBy = Literal['text', 'voice']

TALK_BY_VALUES: set[TalkBy] = { 'text', 'voice',  }

def check_talk_by(value: str) -> TalkBy:
    if value in TALK_BY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TALK_BY_VALUES!r}")
