"""Gives every test process a data folder of its own before Django reads its settings.

Loaded by `-p tests.environment`; an xdist worker imports it again and gets another folder.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

DATA_FOLDER = Path(tempfile.mkdtemp(prefix="sopan-test-"))
(DATA_FOLDER / "static").mkdir()  # whitenoise looks for it at start
os.environ["SOPAN_DATA"] = str(DATA_FOLDER)
# What is set on a developer's machine must not decide what a test finds.
for _name in ("SOPAN_SECRET_KEY", "SOPAN_FIELD_KEYS", "SOPAN_DEBUG", "TIME_ZONE", "SOPAN_HOSTS"):
    os.environ.pop(_name, None)
# The tests start hundreds of processes: what one has compiled, the others read.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_FOLDER, ignore_errors=True)
