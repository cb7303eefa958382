"""Meaning as numbers: all-MiniLM-L6-v2,
computed in this process, without a deep-learning framework.
"""
