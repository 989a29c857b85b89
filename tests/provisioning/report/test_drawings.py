"""Plots and the family tree: right places, and names are text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.memory import Relative
from provisioning.report import plots, tree
from provisioning.report.content import Words
from provisioning.report.kinship import chinese, english, generation, whose
from tests.fakes.reports import rich


def boxes(drawing: str) -> dict[str, tuple[float, float]]:
    """Name -> (x, y) of its first text."""
    root = ElementTree.fromstring(drawing)
    found: dict[str, tuple[float, float]] = {}
    for text in root.iter("text"):
        found.setdefault(text.text or "", (float(text.get("x", 0)), float(text.get("y", 0))))
    return found


@pytest.mark.parametrize(("kinship", "up"), [
    ("wife", 0), ("mothers-father", 2), ("fathers-mother", 2), ("son", -1), ("daughters-son", -2),
    ("younger-brother", 0), ("mothers-younger-brother", 1), ("daughter-in-law", -1), ("friend", None), ("", None),
])  # fmt: skip
def test_generations(kinship: str, up: int | None) -> None:
    assert generation(kinship) == up


def test_kinship_in_words() -> None:
    assert english("mothers-father") == "mother's father"
    assert english("daughter-in-law") == "daughter-in-law"
    assert (chinese("mothers-father"), chinese("fathers-father")) == ("外公", "爷爷")
    assert (whose("sons-daughter"), whose("son"), whose("mothers-elder-sister")) == ("son", "", "mother")


def test_parents_stand_above_children_below_and_the_spouse_beside() -> None:
    at = boxes(tree.draw("陈望川", rich().remembered.relatives))
    me = at["陈望川"]
    assert at["陈阿大"][1] < me[1] < at["Ting"][1] < at["Mei"][1]
    assert abs(at["沈秀兰"][1] - me[1]) < 20
    assert at["沈秀兰"][0] == pytest.approx(me[0] + tree.BOX + tree.GAP)
    assert "老周" not in at
    assert [r.name for r in tree.others(rich().remembered.relatives)] == ["老周"]


def test_no_box_lies_on_another_and_all_lie_on_the_sheet() -> None:
    crowd = [Relative(f"n{i}", kinship, ()) for i, kinship in enumerate(["son", "sister", "uncle", "wife", "son"] * 6)]
    drawing = tree.draw("I", crowd)
    root = ElementTree.fromstring(drawing)
    width, height = map(float, root.get("viewBox", "").split()[2:])
    placed = [(float(r.get("x", 0)), float(r.get("y", 0))) for r in root.iter("rect")]
    assert len(placed) == len(crowd) + 1
    assert all(0 <= x <= width - tree.BOX and 0 <= y <= height - tree.TALL for x, y in placed)
    for n, (x, y) in enumerate(placed):
        assert not any(abs(x - a) < tree.BOX and abs(y - b) < tree.TALL for a, b in placed[n + 1 :])


def test_nobody_gives_no_tree() -> None:
    assert tree.draw("I", []) == ""
    assert tree.draw("I", [Relative("Zhou", "neighbour", ())]) == ""


@given(st.text(max_size=30), st.text(max_size=30))
def test_names_are_text_in_drawings(name: str, kinship: str) -> None:
    safe = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*")
    if not (safe.fullmatch(name) and safe.fullmatch(kinship)):
        return  # no XML says these; HTML does
    drawing = tree.draw(name, [Relative(name, "wife", (kinship,)), Relative("x", kinship, ())])
    ElementTree.fromstring(drawing)
    ElementTree.fromstring(plots.bars([(Words(name, kinship), 3)]))


def test_years_of_a_life_are_columns_between_birth_and_death() -> None:
    root = ElementTree.fromstring(plots.timeline({1956: 3, 1990: 1}, 1938, 2019))
    columns = {c.find("title").text: c for c in root.iter("rect")}  # type: ignore[union-attr]
    assert set(columns) == {"1956: 3", "1990: 1"}
    assert float(columns["1956: 3"].get("height", 0)) > float(columns["1990: 1"].get("height", 0))
    assert float(columns["1956: 3"].get("x", 0)) < float(columns["1990: 1"].get("x", 0))
    assert plots.timeline({}, 1938, None) == ""


@given(st.dictionaries(st.integers(1, 9999), st.integers(1, 10**6), min_size=1, max_size=40))
def test_any_years_can_be_drawn(years: dict[int, int]) -> None:
    root = ElementTree.fromstring(plots.timeline(years, None, None))
    assert all(-1 <= float(c.get("x", 0)) <= 900 for c in root.iter("rect"))


def test_a_ring_never_rounds_up_to_a_hundred() -> None:
    assert ">99<" in plots.meter(0.999, False)
    assert ">?<" in plots.meter(None, False)
