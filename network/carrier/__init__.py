"""A simulated carrier: Twilio's REST, signed webhooks, receipts, opt-outs, and a page of phones.

It stands apart: it imports nothing of ours, and speaks HTTP only, so that the code that talks to
it is the code that talks to the real one.
"""
