"""The product's settings as they are: its own SOPs, its own operations."""

from config.settings import *  # noqa: F403

# Signing in is not what is tried here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
