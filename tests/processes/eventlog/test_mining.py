"""What a program of process mining finds in the log: the SOP as it is written, and nothing else.

The log is of months that were played through the services; the model it is held against is drawn
by hand from the sheet of the SOP. Every warning of a reader is an error here.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas
import pm4py
import pytest
from django.db import transaction
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils import petri_utils
from pytest_django import DjangoDbBlocker

from processes.audit.measured.refreshing import refresh
from processes.audit.scope import Scope
from processes.eventlog.traces import Wanted
from processes.eventlog.writing import Form, log_parts
from processes.models import Task
from tests.cast import make_cast
from tests.processes.eventlog.months import play
from tests.stages import AFTER_THE_MONTH, KEY
from workflows.definitions import TaskKind

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("event-log"),
    # How pm4py computes inside is its own matter; what it says while reading is not (`no_warning`).
    pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning"),
]

# The sheet of the SOP: nine activities one after the other; after the seventh the head decides.
SHEET = (
    "Menugaskan admin dan operator aplikasi e-absensi",
    "Memfasilitasi data pegawai dan registrasi mesin finger",
    "Melakukan perekaman data sidik jari pegawai dalam mesin finger",
    "Menyiapkan, mengaktifkan dan mengontrol pelaksanaan aplikasi e-absensi",
    "Melaksanakan input data pendukung ketidakhadiran pegawai",
    "Mencetak resume sim absensi untuk dilaporkan kepada pimpinan",
    "Meneliti laporan resume sim absensi",
    "Melaporkan hasil pengelolaan sim absensi dinas kepada pimpinan",
    "Mendokumentasikan dan mengarsipkan data rekapan absensi ASN",
)
DECIDES, BACK_TO = 7, 5
FORWARD = dict.fromkeys(pairwise(SHEET), 2)
LOOP = (SHEET[DECIDES - 1], SHEET[BACK_TO - 1])
Read = Callable[[Path], pandas.DataFrame]


@dataclass(frozen=True)
class Logs:
    """The folder of the files, and how many visits of people and of the system are in them.

    `withdrawn` waited on the edge of a task and ended with it: offered, never begun.
    """

    folder: Path
    completed: int
    reused: int
    withdrawn: int

    def file(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def logs(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Logs:
    """April and March are finished, February is not; "steps" has the numbered steps of the two."""
    folder = tmp_path_factory.mktemp("logs")
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        play(cast)
        refresh(now=AFTER_THE_MONTH)
        scope = Scope(
            definition_key=KEY,
            title="Pengelolaan e-Absensi",
            agencies=(cast.agency,),
            agency=None,
            first=date(2026, 1, 1),
            last=date(2026, 12, 1),
            now=AFTER_THE_MONTH,
        )
        steps = Wanted(scope=scope, steps_only=True, finished_only=True)
        for name, wanted in (("steps", steps), ("all", Wanted(scope=scope))):
            for form in Form:
                parts = log_parts(wanted, form)
                (folder / f"{name}.{form}").write_bytes(b"".join(parts))
        done = Task.objects.filter(status=Task.Status.COMPLETED)
        withdrawn = Task.objects.filter(status=Task.Status.CANCELLED, kind=TaskKind.MESSAGE)
        reused = done.filter(reused=True)
        made = Logs(folder, done.count(), reused.count(), withdrawn.count())
        transaction.set_rollback(True)
    return made


@contextmanager
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def read_xes(path: Path) -> pandas.DataFrame:
    # The reader that pm4py brings along; without a name it asks for a faster one to be installed.
    with no_warning():
        return pm4py.read_xes(str(path), variant="iterparse")


def read_csv(path: Path) -> pandas.DataFrame:
    with no_warning():
        return pm4py.format_dataframe(
            pandas.read_csv(path, sep=";"),
            case_id="case:concept:name",
            activity_key="concept:name",
            timestamp_key="time:timestamp",
        )


in_both_forms = pytest.mark.parametrize(
    ("read", "form"), [(read_xes, "xes"), (read_csv, "csv")], ids=["xes", "csv"]
)


@in_both_forms
def test_the_nine_activities_and_the_loop_are_discovered(logs: Logs, read: Read, form: str) -> None:
    log = read(logs.file(f"steps.{form}"))
    assert set(log["concept:name"]) == set(SHEET)
    follows, first, last = pm4py.discover_dfg(log)
    # Twice each, in April and in March; from 5 to 7 once more, in the second round.
    again = {pair: 3 for pair in FORWARD if set(pair) <= set(SHEET[BACK_TO - 1 : DECIDES])}
    assert follows == FORWARD | again | {LOOP: 1}
    assert (first, last) == ({SHEET[0]: 2}, {SHEET[-1]: 2})


@in_both_forms
def test_the_inductive_miner_draws_the_sheet(logs: Logs, read: Read, form: str) -> None:
    tree = pm4py.discover_process_tree_inductive(read(logs.file(f"steps.{form}")))
    one, two, three, four, *_, eight, nine = (f"'{name}'" for name in SHEET)
    five, six, seven = (f"'{name}'" for name in SHEET[BACK_TO - 1 : DECIDES])
    again = f"*( ->( {five}, {six}, {seven} ), tau )"
    assert str(tree) == f"->( {', '.join([one, two, three, four, again, eight, nine])} )"


def sheet_model() -> tuple[PetriNet, Marking, Marking]:
    """Draw the sheet as a net: place n is where stage n+1 waits; nobody sees the decision."""
    net = PetriNet("SOP 07/2020")
    places = [PetriNet.Place(f"menunggu_{number}") for number in range(1, len(SHEET) + 2)]
    decision = PetriNet.Place("keputusan")
    net.places.update([*places, decision])
    for number, name in enumerate(SHEET, start=1):
        after = decision if number == DECIDES else places[number]
        connect(net, name, places[number - 1], after)
    connect(net, None, decision, places[DECIDES])
    connect(net, None, decision, places[BACK_TO - 1])
    return net, Marking({places[0]: 1}), Marking({places[-1]: 1})


def connect(
    net: PetriNet, label: str | None, before: PetriNet.Place, after: PetriNet.Place
) -> None:
    transition = PetriNet.Transition(f"{before.name}-{after.name}", label)
    net.transitions.add(transition)
    petri_utils.add_arc_from_to(before, transition, net)
    petri_utils.add_arc_from_to(transition, after, net)


def fitness(log: pandas.DataFrame) -> tuple[float, float]:
    """Return how well the log fits the sheet by token replay, and its share of traces that align.

    The fitness of alignments is a hair below one wherever the net has a step that nobody sees.
    """
    by_tokens = pm4py.fitness_token_based_replay(log, *sheet_model())
    by_alignments = pm4py.fitness_alignments(log, *sheet_model())
    return by_tokens["log_fitness"], by_alignments["percentage_of_fitting_traces"] / 100


@in_both_forms
def test_the_log_fits_the_sheet_of_the_sop_wholly(logs: Logs, read: Read, form: str) -> None:
    log = read(logs.file(f"steps.{form}"))
    assert len(log) == 9 + 3 + 9
    assert fitness(log) == (1.0, 1.0)


def test_a_log_that_left_a_stage_out_does_not_fit(logs: Logs) -> None:
    log = read_xes(logs.file("steps.xes"))
    by_tokens, by_alignments = fitness(log[log["sopan:number"] != 6])
    assert by_tokens < 1
    assert by_alignments < 1


def test_what_was_still_valid_stands_there_and_says_so(logs: Logs) -> None:
    log = read_xes(logs.file("steps.xes"))
    march = log[log["case:sopan:period"] == "2026-03"]
    assert list(march["sopan:number"]) == list(range(1, 10))
    assert list(march["sopan:reused"]) == [True] * 3 + [False] * 6
    assert list(march["sopan:verdict"][:3]) == ["reused"] * 3
    assert set(log[log["sopan:reused"]]["org:resource"]) == {"sistem"}


@in_both_forms
def test_the_whole_log_has_every_visit_with_its_life_cycle(
    logs: Logs, read: Read, form: str
) -> None:
    log = read(logs.file(f"all.{form}"))
    counts = log["lifecycle:transition"].value_counts()
    assert counts["complete"] == logs.completed
    # What waits in February was offered and not begun.
    assert counts["start"] == logs.completed
    assert counts["schedule"] == logs.completed + logs.withdrawn + 1
    assert (logs.reused, logs.withdrawn) == (6, 3)
    assert (
        log.groupby("case:concept:name")["time:timestamp"]
        .apply(lambda moments: moments.is_monotonic_increasing)
        .all()
    )


def test_the_whole_log_filtered_by_the_miner_is_the_log_of_the_steps(logs: Logs) -> None:
    log = read_xes(logs.file("all.xes"))
    april = log[log["case:sopan:period"] == "2026-04"]
    done = pm4py.filter_event_attribute_values(
        april, "lifecycle:transition", ["complete"], level="event"
    )
    steps = pm4py.filter_event_attribute_values(done, "concept:name", SHEET, level="event")
    assert [SHEET.index(name) + 1 for name in steps["concept:name"]] == [
        *(1, 2, 3, 4, 5, 6, 7),
        *(5, 6, 7, 8, 9),
    ]
    assert fitness(steps) == (1.0, 1.0)


def test_people_have_numbers_and_no_names(logs: Logs) -> None:
    log = read_xes(logs.file("all.xes"))
    people = log[log["sopan:kind"] == "user"]["org:resource"].dropna()
    assert people.str.fullmatch(r"petugas-\d+").all()
    assert people.nunique() == 3  # the head, the admin, the operator
    for name in ("Ratna", "Budi", "Sari"):
        assert name not in logs.file("all.xes").read_text()
