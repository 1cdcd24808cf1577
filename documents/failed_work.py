"""What the outbox's work of this room is called and what it is about, where it failed for good.

What people ask for on a page of its own (a PDF, a package, a template) is asked for there again:
the failure is noted in its row, and the old job would find that and do nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from documents.models import DocumentOrder, OfficeTemplate, OrderItem, Package, PdfCopy
from documents.office.versions import CHECK_JOB, PDF_JOB
from documents.orders.asking import ITEM_JOB, ORDER_JOB, retry_order
from documents.renditions import packages, pdf
from foundation.actors import Actor
from foundation.incidents import About, describe


def _order_of(payload: Mapping[str, Any]) -> DocumentOrder:
    if "order" in payload:
        return DocumentOrder.objects.get(pk=payload["order"])
    return OrderItem.objects.select_related("order").get(pk=payload["item"]).order


def _about_order(payload: Mapping[str, Any]) -> About:
    order = _order_of(payload)
    return About(
        text=order.title,
        agency_id=order.agency_id,
        link=f"/dokumen/pesanan/{order.pk}/",
        is_over=order.state != DocumentOrder.State.FAILED,
    )


def _retry_order(payload: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    retry_order(order=_order_of(payload), actor=actor, now=now)
    return True


def _about_pdf(payload: Mapping[str, Any]) -> About:
    copy = PdfCopy.objects.select_related("document").get(pk=payload["copy"])
    return About(
        text=copy.document.title,
        agency_id=copy.document.agency_id,
        link=f"/dokumen/{copy.document_id}/",
        is_over=copy.state != PdfCopy.State.FAILED,
    )


def _about_package(payload: Mapping[str, Any]) -> About:
    package = Package.objects.get(pk=payload["package"])
    return About(
        text=f"Paket dokumen {package.subject}",
        agency_id=package.agency_id,
        link=f"/dokumen/paket/{package.pk}/",
        is_over=package.state != Package.State.FAILED,
    )


def _about_template(payload: Mapping[str, Any]) -> About:
    version = OfficeTemplate.objects.get(pk=payload["template"])
    link = f"/dokumen/templat/versi/{version.pk}/"
    return About(text=f"Templat {version.key}", agency_id=version.agency_id, link=link)


describe(
    {ORDER_JOB: "Menyiapkan laporan", ITEM_JOB: "Menulis dokumen"}, _about_order, retry=_retry_order
)
describe({pdf.JOB: "Membuat PDF"}, _about_pdf, retried_here=False)
describe({packages.JOB: "Membuat paket dokumen"}, _about_package, retried_here=False)
describe(
    {CHECK_JOB: "Memeriksa templat Word", PDF_JOB: "Membuat contoh PDF templat"}, _about_template
)
