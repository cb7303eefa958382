from typing import Literal

GetCallRecordingFormat = Literal['any', 'json']

GET_CALL_RECORDING_FORMAT_VALUES: set[GetCallRecordingFormat] = { 'any', 'json',  }

def check_get_call_recording_format(value: str) -> GetCallRecordingFormat:
    if value in GET_CALL_RECORDING_FORMAT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {GET_CALL_RECORDING_FORMAT_VALUES!r}")
