"""ADMS push, both dialects: requests in, replies out. Pure: no Django, no sockets.

ATTENDANCE is what time clocks speak ("T&A PUSH", protocol 2.x); ACCESS is what door panels speak
("A&C PUSH", protocol 3.x). The machine is always the HTTP client.
"""
