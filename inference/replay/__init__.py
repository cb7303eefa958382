"""Replays call arrivals against warming policies:
what warmth costs, and who would have met a cold model.
"""
