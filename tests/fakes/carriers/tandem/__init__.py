"""A second carrier for the tests, plugged in by this folder alone (WARMLINE_CARRIERS).

Its wire is small and unlike Twilio's, shaped after Telnyx's as published: webhooks in JSON, all to
one address, told apart by `event_type`
(https://developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks), and a media socket
with messages in snake_case, of which ours name no stream
(https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming). It differs
in two things: HMAC-SHA256 takes the place of Ed25519 over the same `timestamp|body`, and a
webhook's answer holds the commands that Telnyx takes over REST.
"""
