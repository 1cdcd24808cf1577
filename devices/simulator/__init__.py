"""Fingerprint machines in software: fetched on port 4370 (`pull/`) or calling by ADMS (`adms/`).

One `Machine` behind both wires; no Django. `python -m devices.simulator --help` and
`manage.py simulate_device --help` lead through a first try.
"""
