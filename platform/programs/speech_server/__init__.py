"""The local speech server: hearing by PocketSphinx,
speaking by eSpeak NG, both in OpenAI's wire formats.
"""
