"""How passwords are hashed: strong enough, and within the memory of a small server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 24 MiB, three passes, one lane: above what OWASP asks at least (19 MiB, two).

    Django's own takes 100 MiB and eight threads for each: sixteen people who sign in at once
    would take 1.6 GB and every core. Hashes of other costs still open, and are made anew then.
    """

    memory_cost = 24 * 1024  # KiB
    time_cost = 3
    parallelism = 1
