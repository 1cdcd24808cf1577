"""Forms of SOP files on a screen: what is asked, what is refused, and in which words."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from PIL import Image

from tests.workflows.sop_files import KEY, PEOPLE, context, registered_names, sop_files
from workflows import forms, repository
from workflows.definitions import Call, FieldType, Form, FormField, Option, OutcomeKind
from workflows.forms import TaskForm
from workflows.registry import UnknownName

AB = (Option("a", "Butir A"), Option("b", "Butir B"))
DECISION = Form(
    (
        FormField(
            "hasil",
            "Keputusan",
            FieldType.OUTCOME,
            options=(
                Option("ya", "Setujui", OutcomeKind.APPROVE),
                Option("tidak", "Kembalikan", OutcomeKind.RETURN, comment_required=True),
            ),
        ),
        FormField("alasan", "Alasan", FieldType.COMMENT, required=False),
    )
)


def one(kind: FieldType, **changes: Any) -> Form:
    return Form((replace(FormField("isian", "Isian", kind), **changes),))


def posted(form: Form, data: str = "", files: Any = None, **options: Any) -> TaskForm:
    built = forms.build_form(form, context())
    return built(
        QueryDict(data), MultiValueDict({k: [v] for k, v in (files or {}).items()}), **options
    )


def error_of(form: Form, data: str = "", files: Any = None, name: str = "isian") -> str:
    bound = posted(form, data, files)
    assert not bound.is_valid()
    (sentence,) = bound.errors[name]
    return str(sentence)


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (3, 3)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        (FieldType.TEXT, "isian=+Maria+", "Maria"),
        (FieldType.LONG_TEXT, "isian=a%0Ab", "a\nb"),
        (FieldType.INTEGER, "isian=-12", -12),
        (FieldType.BOOLEAN, "isian=on", True),
        (FieldType.COMMENT, "isian=baik", "baik"),
    ],
)
def test_a_plain_answer_is_taken(kind: FieldType, data: str, value: Any) -> None:
    bound = posted(one(kind), data)
    assert bound.is_valid(), bound.errors
    assert bound.cleaned_data == {"isian": value}


@pytest.mark.parametrize("text", ["2026-04-30", "30-04-2026", "30/04/2026"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    bound = posted(one(FieldType.DATE), f"isian={text}")
    assert bound.is_valid()
    assert bound.cleaned_data["isian"].isoformat() == "2026-04-30"


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        (FieldType.TEXT, "isian=++", "“Isian” wajib diisi."),
        (FieldType.TEXT, f"isian={'x' * 251}", "“Isian” paling panjang 250 huruf; sekarang 251"),
        (FieldType.TEXT, "isian=a%00b", "“Isian” memuat huruf yang tidak dapat disimpan."),
        (FieldType.LONG_TEXT, f"isian={'x' * 4001}", "paling panjang 4000 huruf"),
        (FieldType.INTEGER, "isian=dua", "“Isian” harus berupa bilangan bulat"),
        (FieldType.INTEGER, "isian=1.5", "“Isian” harus berupa bilangan bulat"),
        (FieldType.INTEGER, f"isian={10**16}", "“Isian” terlalu besar"),
        (FieldType.INTEGER, f"isian={'9' * 5000}", "“Isian” harus berupa bilangan bulat"),
        (FieldType.DATE, "isian=30-02-2026", "“Isian” bukan tanggal yang benar"),
        (FieldType.BOOLEAN, "", "“Isian” harus dicentang."),
        (FieldType.FILE, "", "Unggah berkas untuk “Isian”."),
    ],
)
def test_a_wrong_answer_is_told_in_a_sentence(kind: FieldType, data: str, sentence: str) -> None:
    assert sentence in error_of(one(kind), data)


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        (FieldType.CHOICE, "", "Pilih salah satu pada “Isian”."),
        (FieldType.CHOICE, "isian=z", "tidak tersedia"),
        (FieldType.CHOICES, "", "Pilih paling sedikit satu pada “Isian”."),
        (FieldType.CHOICES, "isian=a&isian=z", "tidak tersedia"),
        (FieldType.CHECKLIST, "", "Semua butir “Isian” harus dicentang."),
        (FieldType.CHECKLIST, "isian=a", "Belum dicentang pada “Isian”: Butir B."),
    ],
)
def test_a_wrong_choice_is_told_in_a_sentence(kind: FieldType, data: str, sentence: str) -> None:
    assert sentence in error_of(one(kind, options=AB), data)


def test_of_a_long_checklist_the_first_missing_items_are_named() -> None:
    many = tuple(Option(str(n), f"Butir {n}") for n in range(1, 26))
    said = error_of(one(FieldType.CHECKLIST, options=many), "isian=1")
    assert said.endswith("Butir 21 dan 4 lainnya.")


def test_what_is_not_required_may_stay_empty() -> None:
    for kind in FieldType:
        if kind is not FieldType.OUTCOME:
            bound = posted(one(kind, options=AB if "ch" in kind else (), required=False))
            assert bound.is_valid(), (kind, bound.errors)


def test_a_choice_made_twice_counts_once() -> None:
    bound = posted(one(FieldType.CHOICES, options=AB), "isian=b&isian=b&isian=a")
    assert bound.is_valid()
    assert bound.cleaned_data["isian"] == ["b", "a"]


def test_a_return_needs_its_reason() -> None:
    assert error_of(DECISION, "hasil=tidak", name="alasan") == "Tuliskan alasan untuk “Kembalikan”."
    assert error_of(DECISION, "hasil=tidak&alasan=++", name="alasan").startswith("Tuliskan alasan")
    assert posted(DECISION, "hasil=tidak&alasan=foto+kurang").is_valid()


def test_an_approval_needs_no_reason() -> None:
    bound = posted(DECISION, "hasil=ya")
    assert bound.is_valid()
    assert bound.cleaned_data == {"hasil": "ya", "alasan": ""}


def test_no_decision_is_refused() -> None:
    assert error_of(DECISION, "alasan=x", name="hasil") == "Pilih salah satu pada “Keputusan”."


def test_a_page_finds_the_decision_apart_from_the_rest() -> None:
    bound = posted(Form((*DECISION.fields, *one(FieldType.TEXT).fields)))
    assert bound.outcome_field is not None
    assert bound.comment_field is not None
    assert (bound.outcome_field.name, bound.comment_field.name) == ("hasil", "alasan")
    assert [field.name for field in bound.plain_fields] == ["isian"]
    assert posted(one(FieldType.TEXT)).outcome_field is None


def test_choices_are_asked_from_the_registry_with_the_parameters_of_the_file() -> None:
    definition = repository.load(sop_files(), KEY)
    with registered_names():
        built = forms.build_form(definition.tasks["ajukan"].form, context())
        unbound = built()
        assert [value for value, _ in unbound.fields["petugas"].choices] == ["7", "8"]  # type: ignore[attr-defined]
        assert built({"nama": "x", "petugas": "8"}).is_valid()
        assert not built({"nama": "x", "petugas": "9"}).is_valid()
        assert PEOPLE["pns"][0][1] in unbound.as_div()


def test_a_source_that_no_room_offers_is_told() -> None:
    unknown = one(FieldType.CHOICE, source=Call("tests.nobody"))
    with pytest.raises(UnknownName, match=r"tests\.nobody"):
        forms.build_form(unknown, context())


def test_a_long_list_is_folded_and_begins_with_nothing() -> None:
    many = tuple(Option(str(n), f"Pilihan {n}") for n in range(20))
    html = posted(one(FieldType.CHOICE, options=many)).as_div()
    assert "<select" in html
    assert error_of(one(FieldType.CHOICE, options=many), "isian=") == (
        "Pilih salah satu pada “Isian”."
    )
    assert 'type="radio"' in posted(one(FieldType.CHOICE, options=AB)).as_div()


def test_a_scan_is_known_by_its_content() -> None:
    scan = SimpleUploadedFile("surat.png", png())
    bound = posted(one(FieldType.FILE), files={"isian": scan})
    assert bound.is_valid(), bound.errors
    assert bound.cleaned_data["isian"].read() == png()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html>", b"PK\x03\x04"])
def test_what_is_no_scan_is_refused(content: bytes) -> None:
    file = SimpleUploadedFile("surat.pdf", content, "application/pdf")
    assert "“surat.pdf”" in error_of(one(FieldType.FILE), files={"isian": file})


def test_a_scan_too_large_is_refused(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    file = SimpleUploadedFile("surat.pdf", b"%PDF-1.7" + b"x" * 200 + b"%%EOF")
    assert "batasnya" in error_of(one(FieldType.FILE), files={"isian": file})


def test_a_file_kept_from_before_need_not_be_sent_again() -> None:
    bound = posted(one(FieldType.FILE), initial={"isian": 12})
    assert bound.is_valid()
    assert bound.cleaned_data["isian"] == 12


@pytest.mark.parametrize(
    "name",
    ["prefix", "field_order", "default_renderer", "clean", "fields", "data", "files", "definition",
     "is_bound", "errors", "media", "self", "len", "items", "full_clean", "base_fields", "typed"],
)  # fmt: skip
def test_a_field_may_bear_any_name(name: str) -> None:
    form = Form((FormField(name, "Isian", FieldType.TEXT),))
    bound = posted(form, f"{name}=nilai")
    assert bound.is_valid(), bound.errors
    assert bound.cleaned_data == {name: "nilai"}
    assert f'name="{name}"' in bound.as_div()
    assert not posted(form).is_valid()


def test_what_was_not_asked_is_dropped() -> None:
    bound = posted(one(FieldType.TEXT), "isian=x&__class__=y&facts=z&hasil=setuju")
    assert bound.is_valid()
    assert bound.cleaned_data == {"isian": "x"}


def test_hostile_words_of_a_sop_and_of_a_person_are_shown_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    form = one(
        FieldType.CHOICE, label=hostile, help=hostile, options=(Option(hostile, hostile), *AB)
    )
    assert "<script>" not in posted(form, f"isian={hostile}x").as_div()


def test_a_form_without_fields_is_valid() -> None:
    assert posted(Form()).is_valid()


def test_initial_values_of_the_file_are_shown() -> None:
    assert (
        'value="30"' in forms.build_form(one(FieldType.INTEGER, initial="30"), context())().as_div()
    )
    ticked = forms.build_form(one(FieldType.BOOLEAN, initial="true"), context())().as_div()
    assert "checked" in ticked
    chosen = forms.build_form(one(FieldType.CHOICES, options=AB, initial="b"), context())().as_div()
    assert chosen.count("checked") == 1


def test_a_draft_keeps_what_was_typed_however_wrong() -> None:
    form = Form((
        *one(FieldType.DATE).fields,
        FormField("butir", "Butir", FieldType.CHOICES, options=AB),
        FormField("surat", "Surat", FieldType.FILE),
    ))  # fmt: skip
    bound = posted(form, "isian=kemarin&butir=a&butir=z")
    assert bound.typed() == {"isian": "kemarin", "butir": ["a", "z"]}
    again = forms.build_form(form, context())(initial=bound.typed()).as_div()
    assert 'value="kemarin"' in again
    assert again.count("checked") == 1


def test_two_forms_of_one_task_do_not_share_their_choices() -> None:
    with registered_names():
        form = repository.load(sop_files(), KEY).tasks["ajukan"].form
        first = forms.build_form(form, context())
        PEOPLE["pns"].append(("9", "Ni Luh Sari"))
        try:
            second = forms.build_form(form, context())
        finally:
            PEOPLE["pns"].pop()
    assert not first({"nama": "x", "petugas": "9"}).is_valid()
    assert second({"nama": "x", "petugas": "9"}).is_valid()
