"""`manage.py doctor`: what is wrong with an installation, in words, and what to do about it.

A check is a function that yields what it found; `@examines` puts it on the list. Adding one takes a
function in the module of its kind and nothing else.
"""

from config.doctor import parts, places, records, settings_checks  # noqa: F401  fill the list
from config.doctor.registry import Level, Row, examine

__all__ = ["Level", "Row", "examine"]
