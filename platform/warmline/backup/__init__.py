"""Backup and restore of all that an installation keeps: rows and recordings (decision 0023).

Vectors are made anew from the rows; what lies in Redis lives for minutes and is left out.
"""
