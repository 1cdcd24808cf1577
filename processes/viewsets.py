"""The pages of this room in the site: the inbox, and what is running."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path, register_converter
from django.utils import timezone
from viewflow.urls import Application

from organization.models import User
from organization.permissions import may_somewhere
from processes.audit.scope import CAPABILITY
from processes.inbox.asking import FileKind, ListName
from processes.views import (
    actions,
    afterwards,
    asides,
    cards,
    correspondence,
    handing_over,
    inbox,
    incidents,
    instances,
    notices,
    own_lists,
    rewinding,
    sop_sheets,
    start,
    task,
    urgency,
    versions,
    webhooks,
)
from processes.views.audit import (
    conformance,
    document,
    exports,
    heat,
    record,
    returns,
    rows,
    sheets,
    summary,
    trends,
    waiting,
)

register_converter(ListName, "task_list")
register_converter(FileKind, "task_list_file")


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
    export_path = path("daftar/<task_list:tab>.<task_list_file:kind>", inbox.export, name="export")
    save_filter_path = path(
        "saringan/<task_list:tab>/simpan/", own_lists.save_filter, name="save_filter"
    )
    choose_filter_path = path(
        "saringan/<int:filter_id>/utama/", own_lists.choose_filter, name="choose_filter"
    )
    remove_filter_path = path(
        "saringan/<int:filter_id>/hapus/", own_lists.remove_filter, name="remove_filter"
    )
    claim_many_path = path("antrean/ambil/", own_lists.claim_many, name="claim_many")
    shortcuts_path = path("pintasan/", inbox.shortcuts_page, name="shortcuts")
    set_shortcuts_path = path("pintasan/atur/", own_lists.set_shortcuts, name="set_shortcuts")
    detail_path = path("<int:task_id>/", task.detail, name="detail")
    complete_path = path("<int:task_id>/selesai/", task.complete, name="complete")
    draft_path = path("<int:task_id>/draf/", task.keep_draft, name="draft")
    after_path = path("<int:task_id>/sesudah/", afterwards.after, name="after")
    comment_path = path("<int:task_id>/komentar/", asides.comment, name="comment")
    escalate_path = path("<int:task_id>/bantuan/", asides.escalate, name="escalate")
    take_back_path = path("<int:task_id>/kembali/", asides.take_back, name="take_back")
    pause_path = path("<int:task_id>/jeda/", actions.pause, name="pause")
    resume_path = path("<int:task_id>/lanjut/", actions.resume, name="resume")
    beat_path = path("<int:task_id>/detak/", actions.beat, name="beat")
    cards_path = path("kartu/", cards.first, name="cards")
    cards_together_path = path("kartu/bersama/", cards.together, name="cards_together")
    card_path = path("kartu/<int:task_id>/", cards.one, name="card")
    card_confirm_path = path("kartu/<int:task_id>/putuskan/", cards.confirm, name="card_confirm")
    notices_path = path("pemberitahuan/", notices.notices, name="notices")
    handing_over_path = path("serah-terima/", handing_over.handing_over, name="handing_over")
    hand_over_path = path("serah-terima/<int:user_id>/", handing_over.hand_over, name="hand_over")
    read_path = path("pemberitahuan/dibaca/", notices.read, name="read")
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
    messages_path = path("kabar/", correspondence.messages, name="messages")
    sheets_path = path("sop/", sop_sheets.sheets, name="sheets")
    sheet_path = path("sop/<slug:key>/", sop_sheets.sheet, name="sheet")
    versions_path = path("versi/", versions.many, name="versions")
    incidents_path = path("gagal/", incidents.listed, name="incidents")
    retry_incident_path = path(
        "gagal/<int:incident_id>/coba-lagi/", incidents.retry, name="retry_incident"
    )
    give_up_incident_path = path(
        "gagal/<int:incident_id>/hentikan/", incidents.give_up, name="give_up_incident"
    )
    detail_path = path("<int:instance_id>/", instances.detail, name="detail")
    version_path = path("<int:instance_id>/versi/", versions.one, name="version")
    picture_path = path("<int:instance_id>/diagram.svg", instances.picture, name="picture")
    rewind_path = path("<int:instance_id>/mundur/", rewinding.rewind, name="rewind")
    urgency_path = path("<int:instance_id>/sifat/", urgency.urgency, name="urgency")
    cancel_path = path("<int:instance_id>/batalkan/", instances.cancel, name="cancel")


class AuditApplication(Application):
    """Audit: timings against mutu baku."""

    title = "Audit"
    icon = "chart"
    app_name = "audit"
    base_template_name = "base.html"
    menu_template_name = None

    index_path = path("", summary.summary, name="index")
    heat_path = path("peta/", heat.heat_map, name="heat")
    rows_path = path("baris/", rows.rows, name="rows")
    rows_csv_path = path("baris.csv", rows.rows_csv, name="rows_csv")
    returns_path = path("pengembalian/", returns.returns, name="returns")
    waiting_path = path("menunggu/", waiting.waiting, name="waiting")
    trends_path = path("tren/", trends.trends, name="trends")
    conformance_path = path("kepatuhan/", conformance.conformance, name="conformance")
    record_path = path("catatan/", record.record, name="record")
    verify_path = path("catatan/periksa/", record.verify, name="verify")
    xes_path = path("peristiwa.xes", exports.xes, name="xes")
    csv_path = path("peristiwa.csv", exports.csv, name="csv")
    document_path = path("laporan/", document.document, name="document")
    sheets_path = path("sop/", sheets.sheets, name="sheets")
    sheet_path = path("sop/<slug:key>/", sheets.sheet, name="sheet")

    def has_view_permission(self, user: User | AnonymousUser, obj: Any = None) -> bool:
        return may_somewhere(user, CAPABILITY, timezone.now())


class WebhookApplication(Application):
    """Stands in no menu: the page of failed work leads there."""

    title = "Webhook"
    icon = "handover"
    app_name = "webhook"

    index_path = path("", webhooks.listed, name="index")
    detail_path = path("<int:subscription_id>/", webhooks.detail, name="detail")
    test_path = path("<int:subscription_id>/uji/", webhooks.send_test, name="test")
    again_path = path("<int:subscription_id>/ulang/", webhooks.try_again, name="again")
    pause_path = path("<int:subscription_id>/jeda/", webhooks.pause, name="pause")
    resume_path = path("<int:subscription_id>/lanjut/", webhooks.resume, name="resume")
    remove_path = path("<int:subscription_id>/hapus/", webhooks.remove, name="remove")
