"""How gunicorn serves: `gunicorn config.asgi --config python:config.serving`.

Read by the Procfile, the systemd units and the image alike. No Django here: gunicorn reads it
before there is any.
"""

import gc
import os
import shutil
import tempfile
from typing import Any

from config.env import env_int

bind = f"{os.environ.get('SOPAN_BIND') or '127.0.0.1'}:{env_int('SOPAN_PORT', 8000)}"
worker_class = "uvicorn_worker.UvicornWorker"
workers = env_int("SOPAN_WEB_WORKERS", 1)
# Whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, comma separated.
# Nobody's by default, this machine's own included: a header is quickly written.
forwarded_allow_ips = os.environ.get("SOPAN_PROXIES", "")
loglevel = "warning"
control_socket_disable = True
graceful_timeout = 30

# What Prometheus asks for is counted by each process by itself: with several, in files of a folder
# of this server's own, out of which whichever is asked adds up all (config/metrics/).
MEASURES = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server: Any) -> None:
    os.environ.pop(MEASURES, None)
    if server.cfg.workers > 1:
        os.environ[MEASURES] = tempfile.mkdtemp(prefix="sopan-measures-")


def post_worker_init(worker: Any) -> None:
    """Keep the collector away from what was loaded: it lives as long as the process.

    Looking through a million such objects for waste took a tenth of the processor's time, and a
    fifth of a second at once in the midst of somebody's page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def child_exit(server: Any, worker: Any) -> None:
    """Count a process that ended no longer among those that are there; what it did stays."""
    if MEASURES in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    if folder := os.environ.get(MEASURES):
        shutil.rmtree(folder, ignore_errors=True)
