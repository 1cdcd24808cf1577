"""A fingerprint machine in software: speaks the 4370 protocol over TCP, knows no Django.

`python -m devices.simulator --help` runs one; tests, the demo and `manage.py simulate_device` use it.
"""
