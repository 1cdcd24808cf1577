from django.apps import AppConfig


class ViewflowFlowConfig(AppConfig):
    name = "bench.viewflow_flow"
    label = "bench_flow"
