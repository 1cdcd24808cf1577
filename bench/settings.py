"""The product's settings and viewflow's own engine, which the product never installs."""

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "viewflow.workflow", "bench.viewflow_flow"]
SOP_ROOTS = [Path(__file__).resolve().parent / "sops"]
DEBUG = False  # a debug connection keeps every query
