"""Identifiers: unguessable, sortable by time, typed so that one cannot stand for another."""

import os
import time
from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", str)
CallId = NewType("CallId", str)
ReplicaId = NewType("ReplicaId", str)


def new_uuid() -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | (random & (2**62 - 1))
    return UUID(int=value)


def new_call_id() -> CallId:
    """A call's id, the same in every plane."""
    return CallId(str(new_uuid()))
