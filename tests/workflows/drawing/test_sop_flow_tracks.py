"""Lines along the edges of lanes: beside each other where they meet, in one place where not."""

from workflows.drawing.sop_flow_tracks import FIRST, NEXT, Tracks

ROOM = 40.0  # for two lines
EDGE = 180.0


def test_lines_that_meet_in_no_row_share_a_place() -> None:
    tracks = Tracks(720, room=ROOM)
    assert tracks.take(EDGE, 1, range(3)) == EDGE + FIRST
    assert tracks.take(EDGE, 1, range(3, 5)) == EDGE + FIRST


def test_lines_that_meet_run_beside_each_other_then_over_the_edge_then_through_signs() -> None:
    tracks = Tracks(720, room=ROOM)
    places = [tracks.take(EDGE, 1, range(3)) for _ in range(5)]
    first, second, third = FIRST, FIRST + NEXT, FIRST + 2 * NEXT
    assert places == [EDGE + first, EDGE + second, EDGE - first, EDGE - second, EDGE + third]


def test_over_the_edge_of_the_drawing_is_no_place() -> None:
    tracks = Tracks(720, room=ROOM)
    places = [tracks.take(0, 1, range(2)) for _ in range(4)]
    assert min(places) == FIRST
    assert len(set(places)) == 4
