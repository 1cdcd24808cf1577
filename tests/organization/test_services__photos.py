"""Photos: small, upright, without the camera's notes; all of a zip or none."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from foundation.models import Event
from foundation.uploads import IMAGES, Kind, UploadRefused, check_bytes
from organization.models import Employee
from organization.permissions import actor_for
from organization.pictures import prepare_photo
from organization.services import PhotoReport, import_photos, set_photo
from tests import files
from tests.cast import NOW, Cast, make_employee


def decoded(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def bring_in(cast: Cast, members: dict[str, bytes]) -> PhotoReport:
    archive = check_bytes(files.archive(members), name="foto.zip", allowed={Kind.ZIP})
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    return import_photos(agency=cast.agency, archive=archive, actor=actor, now=NOW)


def stored() -> set[str]:
    folder = Path(default_storage.path("photos"))
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def two(cast: Cast) -> tuple[Employee, Employee]:
    return make_employee(cast.agency, photo=""), make_employee(cast.agency, photo="")


def test_a_photo_is_made_small_and_loses_what_the_camera_noted() -> None:
    exif = Image.Exif()
    exif[0x010E] = "rumah pegawai"
    source = files.image("JPEG", (2000, 1000), exif=exif.tobytes())
    assert b"rumah pegawai" in source
    result = prepare_photo(source, label="a.jpg")
    assert decoded(result).size == (600, 300)
    assert decoded(result).format == "JPEG"
    assert not decoded(result).getexif()
    assert b"rumah pegawai" not in result


@pytest.mark.parametrize(("orientation", "size"), [(1, (600, 300)), (6, (300, 600)),
                                                   (8, (300, 600)), (3, (600, 300))])  # fmt: skip
def test_a_photo_stands_upright_however_the_telephone_was_held(
    orientation: int, size: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = files.image("JPEG", (1000, 500), exif=exif.tobytes())
    assert decoded(prepare_photo(source, label="a.jpg")).size == size


def test_a_transparent_png_gets_a_white_ground() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    picture = decoded(prepare_photo(file.getvalue(), label="a.png"))
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_small_photo_is_not_blown_up() -> None:
    assert decoded(prepare_photo(files.image(size=(40, 50)), label="a.jpg")).size == (40, 50)


def test_a_torn_or_enormous_photo_is_refused_with_a_sentence() -> None:
    whole = files.image("PNG", (300, 300))
    with pytest.raises(UploadRefused, match="terpotong"):
        prepare_photo(whole[: len(whole) // 2], label="a.png")
    with pytest.raises(UploadRefused, match="kecilkan dahulu"):
        prepare_photo(files.image("PNG", (9000, 6000)), label="a.png")


def test_photos_of_a_zip_go_to_the_people_their_names_say(
    cast: Cast, two: tuple[Employee, Employee]
) -> None:
    first, second = two
    spaced = f"{second.number[:8]} {second.number[8:14]} {second.number[14]} {second.number[15:]}"
    report = bring_in(
        cast,
        {
            f"foto/{first.number}.jpg": files.image(),
            f"{spaced}.PNG": files.image("PNG"),
            "__MACOSX/._x.jpg": b"x",
            "foto/Thumbs.db": b"x",
        },
    )
    assert report == PhotoReport(stored=2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert decoded(first.photo.read()).format == "JPEG"
    assert decoded(second.photo.read()).format == "JPEG"
    assert first.number not in str(first.photo.name)
    assert Event.objects.filter(verb="photo_stored").count() == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("199001012015011999.jpg", files.image(), "Tidak ada pegawai aktif dengan NIP ini"),
        ("IMG_2041.jpg", files.image(), "Nama berkas bukan NIP"),
        ("{first}.jpg", b"bukan gambar", "tidak dapat diterima"),
        ("{first}.jpg", b"", "kosong (0 byte)"),
        ("{first}.jpg", files.image("PNG", (300, 300))[:200], "rusak"),
        ("lain/{second}.jpg", files.image(), "NIP sama dengan berkas"),
    ],
)
def test_one_bad_photo_is_named_and_none_is_stored(
    cast: Cast, two: tuple[Employee, Employee], name: str, content: bytes, sentence: str
) -> None:
    before = stored()
    bad = name.format(first=two[0].number, second=two[1].number)
    report = bring_in(cast, {f"{two[1].number}.jpg": files.image(), bad: content})
    assert report.stored == 0
    assert [sentence in str(error) for error in report.errors] == [True], report.errors
    assert not Employee.objects.get(pk=two[1].pk).photo
    assert not Event.objects.exists()
    assert stored() == before


def test_a_photo_of_another_agencys_employee_is_not_accepted(cast: Cast) -> None:
    assert cast.outsider.employee is not None
    report = bring_in(cast, {f"{cast.outsider.employee.number}.jpg": files.image()})
    assert "Tidak ada pegawai aktif" in str(report.errors[0])


def test_an_empty_zip_says_what_is_missing(cast: Cast) -> None:
    assert "tidak memuat foto" in str(bring_in(cast, {}).errors[0])


def test_a_replaced_photo_is_taken_off_the_disk(
    cast: Cast,
    two: tuple[Employee, Employee],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    person = two[0]
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    names = []
    for _ in range(2):
        upload = check_bytes(files.image(), name="a.jpg", allowed=IMAGES)
        with django_capture_on_commit_callbacks(execute=True):
            set_photo(employee=person, upload=upload, actor=actor, now=NOW)
        names.append(Path(str(person.photo.name)).name)
    assert names[1] in stored()
    assert names[0] not in stored()


def test_a_photo_whose_row_could_not_be_written_leaves_no_file(
    cast: Cast, two: tuple[Employee, Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("basis data penuh")

    before = stored()
    monkeypatch.setattr("organization.services.photos.append", fail)
    with pytest.raises(RuntimeError):
        bring_in(cast, {f"{two[0].number}.jpg": files.image()})
    assert stored() == before
    assert not Employee.objects.get(pk=two[0].pk).photo
