"""The clause cutter: nothing lost, nothing cut where it must not be, the first clause early."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation.clauses import ClauseCutter, cut

SPOKEN = st.text(alphabet="ab c,.!? \n\"'“”「」（）0123456789，。、；：？！我你他的山水Mr", max_size=80)


@given(SPOKEN)
def test_joined_clauses_are_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


@given(SPOKEN, st.integers(1, 7))
def test_pieces_make_no_difference(text: str, size: int) -> None:
    cutter = ClauseCutter()
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert [*(c for p in pieces for c in cutter.push(p)), *cutter.flush()] == cut(text)


@given(SPOKEN)
def test_every_clause_but_a_blank_rest_says_something(text: str) -> None:
    assert all(clause.strip() for clause in cut(text)[:-1])


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Well, I met her there.", ["Well, I met her there."]),
        ("On the morning ferry, I met her. It was cold.", ["On the morning ferry, ", "I met her. ", "It was cold."]),
        ("It cost 3.50, or 1,200 in all.", ["It cost 3.50, or 1,200 in all."]),
        ("Dr. Hu came. We sat.", ["Dr. Hu came. ", "We sat."]),
        ('She said, "One is missing. Look again." I did.', ['She said, "One is missing. Look again." ', "I did."]),
        ("我和你外婆，是在轮渡上认得的。风大。", ["我和你外婆，", "是在轮渡上认得的。", "风大。"]),
        ("那一年冬天很冷，我爹去摇船，我也去。", ["那一年冬天很冷，", "我爹去摇船，我也去。"]),
        ("他说：“好。走吧。”我走了。", ["他说：“好。走吧。”", "我走了。"]),
        ("Is it you?! Yes.", ["Is it you?! ", "Yes."]),
    ],
)
def test_cuts(text: str, clauses: list[str]) -> None:
    assert cut(text) == clauses


def test_the_first_clause_comes_before_the_sentence_ends() -> None:
    assert ClauseCutter().push("When I was a boy, the riv") == ["When I was a boy, "]


def test_a_number_in_the_making_is_not_cut() -> None:
    cutter = ClauseCutter()
    assert cutter.push("That was two miles, or exactly 3.") == ["That was two miles, "]
    assert cutter.push("5 miles. So") == ["or exactly 3.5 miles. "]
