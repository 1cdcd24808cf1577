"""Addresses of people: closed anew with a new key, opened when a backup is tried, not kept idle."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from config.backups.sealed import sealed_values
from config.privacy.retention import standard_rules
from foundation import crypto
from foundation.retention import sweeps
from organization.models import User
from processes.models import NoticeAddress
from processes.notices.addresses import new_address, open_address, seal_address
from processes.services.notice_addresses import begin_chat
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(cast: Cast) -> NoticeAddress:
    row = new_address(cast.kadis, "telegram", NOW)
    seal_address(row, "4711")
    row.save()
    return row


def test_an_address_is_closed_anew_with_the_newest_key(
    chat: NoticeAddress, settings: LazySettings
) -> None:
    settings.FIELD_KEYS = ["kunci-baru-untuk-uji-yang-cukup-panjang", *settings.FIELD_KEYS]
    call_command("rotate_keys")
    chat.refresh_from_db()
    assert crypto.is_current(chat.sealed_address)
    assert open_address(chat) == "4711"


def test_a_backup_is_tried_with_it(chat: NoticeAddress) -> None:
    opens = dict(sealed_values())
    assert opens[f"alamat pemberitahuan {chat.pk}"]() == "4711"


def test_an_address_opens_in_its_own_row_alone(chat: NoticeAddress, cast: Cast) -> None:
    other = new_address(cast.operator, "telegram", NOW)
    other.sealed_address = chat.sealed_address
    with pytest.raises(crypto.DecryptionFailed):
        open_address(other)


def test_what_was_never_linked_and_what_belongs_to_nobody_is_not_kept(
    chat: NoticeAddress, cast: Cast
) -> None:
    begin_chat(actor_user=cast.operator, now=NOW)
    (rule,) = [one for one in standard_rules() if one.key == "processes.notice_addresses"]
    taken_away = sweeps()[rule.sweep]
    assert taken_away.count(rule.before(NOW + DAY)) == 0
    assert taken_away.remove(rule.before(NOW + 2 * DAY)) == 1
    assert list(NoticeAddress.objects.all()) == [chat]
    User.objects.filter(pk=cast.kadis.pk).update(is_active=False)
    assert taken_away.remove(rule.before(NOW + 2 * DAY)) == 1
