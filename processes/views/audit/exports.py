"""Out of the house: the event log."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from processes.eventlog.traces import Wanted
from processes.eventlog.writing import Form, file_name, log_parts
from processes.views.audit.common import scope_here


@require_safe
def xes(request: HttpRequest) -> StreamingHttpResponse:
    return _event_log(request, Form.XES)


@require_safe
def csv(request: HttpRequest) -> StreamingHttpResponse:
    return _event_log(request, Form.CSV)


def _event_log(request: HttpRequest, form: Form) -> StreamingHttpResponse:
    """Send the log of the scope while it is read; ?isi=tahap leaves the steps of the SOP only."""
    wanted = Wanted(
        scope=scope_here(request),
        steps_only=request.GET.get("isi") == "tahap",
        finished_only=request.GET.get("selesai") == "ya",
    )
    response = StreamingHttpResponse(log_parts(wanted, form), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name(wanted, form)}"'
    return response
