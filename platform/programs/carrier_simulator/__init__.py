"""A simulated carrier that speaks Twilio's wire formats: for the demo, tests and load tests."""
