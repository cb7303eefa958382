"""The carrier's accounts and numbers: Twilio's API for them, as far as Warmline asks for it."""
