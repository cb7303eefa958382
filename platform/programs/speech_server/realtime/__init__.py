"""OpenAI's realtime transcription over a WebSocket."""
