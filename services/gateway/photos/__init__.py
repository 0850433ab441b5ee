"""Photos that people send are decoded and written anew before anybody sees them.

Decoders are C code that strangers' bytes run through. So each photo gets a process of its own, with
limits, without the gateway's environment, and gone before the next photo comes.
"""
