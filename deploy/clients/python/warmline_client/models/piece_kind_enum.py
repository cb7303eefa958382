from typing import Literal

PieceKindEnum = Literal['added', 'removed', 'same']

PIECE_KIND_ENUM_VALUES: set[PieceKindEnum] = { 'added', 'removed', 'same',  }

def check_piece_kind_enum(value: str) -> PieceKindEnum:
    if value in PIECE_KIND_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PIECE_KIND_ENUM_VALUES!r}")
