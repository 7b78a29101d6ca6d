"""A made-up town around the real policy: what it would do on a normal day, and on the worst one.

The behavior of its people is assumed, not measured; so read the ranking of policies, not the values.
"""
