"""Text to speech: eSpeak NG, streamed sentence by sentence."""
