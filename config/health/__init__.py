"""Whether this server can serve (`/healthz`) and how much it does (`/metrics`), for programs."""
