"""Replays call logs against warming policies: what warmth costs, and who meets a cold model."""
