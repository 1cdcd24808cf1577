#!/usr/bin/env python
"""The command line of SOPan: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django tidak ditemukan: jalankan `make run` dahulu.") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
