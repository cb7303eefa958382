"""The local speech server: Whisper or PocketSphinx hears, in OpenAI's wire formats."""
