"""Processes over `/api/v1/`: SOPs, instances, tasks, figures. Thin over queries and services."""

from ninja import Router

from processes.api import acts, definitions, incidents, instances, quality, tasks, webhooks

routers: list[Router] = [
    definitions.router,
    instances.router,
    tasks.router,
    quality.router,
    incidents.router,
    acts.router,
    webhooks.router,
]
