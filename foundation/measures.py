"""What this process counts and times for whoever watches; measures lie beside the work.

No label names a person, a number of a person, a serial or an address: labels are few and known
beforehand. With several server processes the values of all are added up (config/serving.py).
"""

from prometheus_client import CollectorRegistry

REGISTRY = CollectorRegistry()
# Seconds: from an answer out of memory to one that nobody waits for.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
