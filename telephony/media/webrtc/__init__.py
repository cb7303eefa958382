"""A page's audio over WebRTC, beside the socket that opened its call (decision 0035)."""
