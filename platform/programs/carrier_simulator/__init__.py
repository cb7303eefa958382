"""A carrier on the desk: plays Twilio over its own wire formats,
for the demo, the tests and load tests.
"""
