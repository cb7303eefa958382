"""The browser as a carrier: a page's microphone and loudspeaker are the ends of the line.

Its calls begin at a page of ours or at a company's own (`telephony.control.answering.page_calls`),
so there are no webhooks. A call is over when its page is closed.
"""
