"""How gunicorn serves: `gunicorn config.asgi --config python:config.serving`.

Read by the Procfile, the systemd units and the image alike. No Django here: gunicorn reads it
before there is any.
"""

import os

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
