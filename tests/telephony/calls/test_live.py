"""The live views are told that a call moved, and nothing of what was said."""

import asyncio
from uuid import uuid4

from channels.layers import get_channel_layer

from telephony.calls import live


async def test_both_groups_are_told_that_a_call_moved(valkey_server: str) -> None:
    """The company's list, and the call's own page; another company's list is not."""
    layer = get_channel_layer()
    assert layer is not None
    tenant_id, call_id = str(uuid4()), str(uuid4())
    groups = (live.calls_group(tenant_id), live.call_group(call_id), live.calls_group(str(uuid4())))
    channels = [await layer.new_channel() for _ in groups]
    for group, channel in zip(groups, channels, strict=True):
        await layer.group_add(group, channel)
    told = live.Announcement(tenant_id, call_id, "live", ("caller_turn",))
    await asyncio.to_thread(live.announce, [told])
    expected = {
        "type": "call.event",
        "event": {"call_id": call_id, "state": "live", "kinds": ["caller_turn"]},
    }
    for channel in channels[:2]:
        assert await asyncio.wait_for(layer.receive(channel), 30) == expected
    elsewhere = asyncio.ensure_future(layer.receive(channels[2]))
    await asyncio.sleep(0)
    assert not elsewhere.done()
    elsewhere.cancel()
