"""Who called from where: one machine, or two that share a serial number."""

from datetime import UTC, datetime, timedelta

from devices.door.book import Contacts

BEGIN = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


def calls(*addresses: str, every: timedelta = timedelta(seconds=10)) -> list[bool]:
    contacts = Contacts()
    return [
        contacts.note("BOCK1", address, BEGIN + n * every) for n, address in enumerate(addresses)
    ]


def test_a_machine_that_stays_where_it_is_raises_no_question() -> None:
    assert not any(calls(*["10.0.0.1"] * 20))


def test_a_machine_that_got_another_address_is_still_one_machine() -> None:
    assert not any(calls("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.2"))


def test_two_addresses_that_take_turns_are_two_machines() -> None:
    assert any(calls(*["10.0.0.1", "10.0.0.2"] * 4))


def test_an_address_that_comes_back_after_hours_is_one_machine() -> None:
    assert not any(calls(*["10.0.0.1", "10.0.0.2"] * 4, every=timedelta(hours=1)))


def test_a_contact_is_handed_out_for_writing_once() -> None:
    contacts = Contacts()
    contacts.note("BOCK1", "10.0.0.1", BEGIN)
    contacts.note("BOCK1", "10.0.0.1", BEGIN + timedelta(seconds=5))
    assert contacts.unwritten() == {"BOCK1": (BEGIN + timedelta(seconds=5), "10.0.0.1")}
    assert contacts.unwritten() == {}
