"""A fingerprint machine in software: speaks the 4370 protocol over TCP, knows no Django.

`python -m devices.simulator --help` and `manage.py simulate_device` run one.
"""
