"""The pages of this room in the site: the inbox, and what is running."""

from django.urls import path
from viewflow.urls import Application

from processes.views import actions, inbox, instances, start, task


class TaskApplication(Application):
    """Kotak tugas."""

    title = "Tugas"
    icon = "inbox"
    app_name = "tasks"
    base_template_name = "base.html"
    menu_template_name = None

    index_path = path("", inbox.inbox, name="index")
    queue_path = path("antrean/", inbox.queue, name="queue")
    archive_path = path("riwayat/", inbox.archive, name="archive")
    detail_path = path("<int:task_id>/", task.detail, name="detail")
    complete_path = path("<int:task_id>/selesai/", task.complete, name="complete")
    draft_path = path("<int:task_id>/draf/", task.keep_draft, name="draft")
    claim_path = path("<int:task_id>/ambil/", actions.claim, name="claim")
    unclaim_path = path("<int:task_id>/lepas/", actions.unclaim, name="unclaim")
    reassign_path = path("<int:task_id>/alihkan/", actions.reassign, name="reassign")
    begin_early_path = path("<int:task_id>/mulai/", actions.begin_early, name="begin_early")
    retry_path = path("<int:task_id>/coba-lagi/", actions.retry, name="retry")
    attachment_path = path("lampiran/<int:attachment_id>/", actions.attachment, name="attachment")


class ProcessApplication(Application):
    """Berkas: the instances."""

    title = "Proses"
    icon = "process"
    app_name = "processes"
    base_template_name = "base.html"
    menu_template_name = None

    index_path = path("", instances.index, name="index")
    choose_path = path("mulai/", start.choose, name="choose")
    start_path = path("mulai/<slug:key>/", start.start, name="start")
    detail_path = path("<int:instance_id>/", instances.detail, name="detail")
    picture_path = path("<int:instance_id>/diagram.svg", instances.picture, name="picture")
    cancel_path = path("<int:instance_id>/batalkan/", instances.cancel, name="cancel")
