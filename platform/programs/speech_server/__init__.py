"""The local speech server: STT by PocketSphinx, TTS by eSpeak NG, in OpenAI's wire formats."""
