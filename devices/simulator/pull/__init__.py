"""The wire of a simulated machine that is fetched on port 4370, TCP and UDP.

`server.py` listens, `links.py` carries bytes, `frames.py` frames them, `sessions.py` remembers one
client, `commands.py` is the table of what is answered to what.
"""
