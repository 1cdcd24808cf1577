"""Panels: the data a step is about, shown beside its form by the rooms that own them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from processes.context import with_parameters
from workflows import registry
from workflows.definitions import Call
from workflows.registry import StepContext

OF_INSTANCE = ".of_instance"


@dataclass(frozen=True)
class RenderedPanel:
    """A panel as it stands on the page; its headline is said again above a decision."""

    html: SafeString
    headline: str = ""


def render_panels(
    request: HttpRequest, calls: Iterable[Call], context: StepContext
) -> list[RenderedPanel]:
    """Return the panels that a step names, in its order."""
    return [_render(request, call, context) for call in calls]


def instance_panels(request: HttpRequest, context: StepContext) -> list[RenderedPanel]:
    """Return what every room tells about an instance: panels called `<room>.of_instance`."""
    names = [name for name in registry.panel_names() if name.endswith(OF_INSTANCE)]
    return [_render(request, Call(name), context) for name in names]


def _render(request: HttpRequest, call: Call, context: StepContext) -> RenderedPanel:
    panel = registry.get_panel(call.name)
    data = dict(panel.data(with_parameters(context, call)))
    html = render_to_string(panel.template, data, request=request)
    return RenderedPanel(html, str(data.get("headline", "")))
