"""What may be lost at a power cut, and what may not."""

from __future__ import annotations

import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.lossy_record import Record, Step, lay_out, take
from tests.support.lossy_tree import EXCHANGE, NOREPLACE, PAGE, ROOT, Item, Survival, Tree

FILE, FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755
EVERY = pytest.mark.parametrize("survival", Survival)


def left(tree: Tree, survival: Survival, draws: int = 60) -> list[dict[str, bytes]]:
    """The contents by path that crashes now can leave, each once."""
    found: list[dict[str, bytes]] = []
    for seed in range(draws):
        one = {path: item.content for path, item in tree.crash(survival, random.Random(seed)).items()}
        if one not in found:
            found.append(one)
    return found


def with_file(content: bytes = b"old") -> tuple[Tree, int]:
    tree = Tree({"kept": Item(FILE, content)})
    return tree, tree.child(ROOT, b"kept")


@EVERY
def test_what_is_synced_survives(survival: Survival) -> None:
    tree, _ = with_file()
    made = tree.make(ROOT, b"new", FILE)
    tree.write(made, 0, b"x" * 10_000)
    tree.sync(made)
    tree.sync(ROOT)
    assert left(tree, survival) == [{"kept": b"old", "new": b"x" * 10_000}]


def test_syncing_a_file_does_not_save_its_name() -> None:
    tree, _ = with_file()
    made = tree.make(ROOT, b"new", FILE)
    tree.write(made, 0, b"x")
    tree.sync(made)
    assert left(tree, Survival.NOTHING) == [{"kept": b"old"}]
    assert {"kept": b"old", "new": b"x"} in left(tree, Survival.SUBSET)


def test_syncing_a_folder_saves_names_and_not_content() -> None:
    tree, _ = with_file()
    tree.write(tree.make(ROOT, b"new", FILE), 0, b"x")
    tree.sync(ROOT)
    assert left(tree, Survival.NOTHING) == [{"kept": b"old", "new": b""}]
    assert left(tree, Survival.METADATA) != [{"kept": b"old", "new": b"x"}]


def test_syncing_a_folder_does_not_save_its_own_name() -> None:
    tree, _ = with_file()
    tree.sync(tree.make(ROOT, b"folder", FOLDER))
    assert left(tree, Survival.NOTHING) == [{"kept": b"old"}]


def test_the_classic_empty_file_after_a_rename() -> None:
    tree, _ = with_file()
    tree.write(tree.make(ROOT, b"draft", FILE), 0, b"new")
    tree.rename(ROOT, b"draft", ROOT, b"kept", 0)
    assert sorted(state["kept"] for state in left(tree, Survival.METADATA)) == [b"", b"\0\0\0"]


@EVERY
def test_a_rename_leaves_one_of_both(survival: Survival) -> None:
    tree, _ = with_file()
    tree.rename(ROOT, b"kept", ROOT, b"moved", 0)
    assert all(len(state) == 1 for state in left(tree, survival))


@EVERY
def test_an_exchange_is_whole(survival: Survival) -> None:
    tree = Tree({"a": Item(FILE, b"1"), "b": Item(FILE, b"2")})
    tree.rename(ROOT, b"a", ROOT, b"b", EXCHANGE)
    assert all(state in ({"a": b"1", "b": b"2"}, {"a": b"2", "b": b"1"}) for state in left(tree, survival))
    tree.sync(ROOT)
    assert left(tree, survival) == [{"a": b"2", "b": b"1"}]


def test_a_move_is_saved_when_both_folders_are_synced() -> None:
    tree = Tree({"folder": Item(FOLDER, b""), "folder/a": Item(FILE, b"1")})
    folder = tree.child(ROOT, b"folder")
    tree.rename(folder, b"a", ROOT, b"a", 0)
    tree.sync(ROOT)
    assert left(tree, Survival.NOTHING) == [{"folder": b"", "folder/a": b"1"}]
    tree.sync(folder)
    assert left(tree, Survival.NOTHING) == [{"a": b"1", "folder": b""}]


def test_a_journal_keeps_the_order_and_a_subset_does_not() -> None:
    tree = Tree({})
    for name in (b"1", b"2", b"3"):
        tree.make(ROOT, name, FILE)
    assert sorted("".join(state) for state in left(tree, Survival.PREFIX)) == ["", "1", "12", "123"]
    assert len(left(tree, Survival.SUBSET)) == 8


def test_of_one_name_the_later_change_needs_the_earlier() -> None:
    tree, _ = with_file()
    tree.remove(ROOT, b"kept")
    made = tree.make(ROOT, b"kept", FILE)
    tree.write(made, 0, b"new")
    tree.sync(made)
    tree.rename(ROOT, b"kept", ROOT, b"moved", 0)
    states = left(tree, Survival.SUBSET)
    assert sorted(map(sorted, (state.items() for state in states))) == [
        [],
        [("kept", b"new")],
        [("kept", b"old")],
        [("moved", b"new")],
    ]


def test_pages_survive_one_by_one() -> None:
    tree, kept = with_file(b"o" * 3 * PAGE)
    tree.write(kept, 0, b"n" * 3 * PAGE)
    pages = {"".join(chr(state["kept"][i * PAGE]) for i in range(3)) for state in left(tree, Survival.SUBSET, 200)}
    assert pages == {a + b + c for a in "on" for b in "on" for c in "on"}


def test_what_was_cut_off_does_not_come_back_behind_new_content() -> None:
    tree, kept = with_file(b"o" * PAGE)
    tree.resize(kept, 1)
    tree.resize(kept, 3)
    assert tree.node(kept).data == b"o\0\0"
    tree.sync(kept)
    assert left(tree, Survival.SUBSET) == [{"kept": b"o\0\0"}]


def test_the_size_survives_without_the_pages() -> None:
    tree, kept = with_file(b"")
    tree.write(kept, 0, b"n" * 2 * PAGE)
    sizes = {len(state["kept"]) for state in left(tree, Survival.SUBSET, 200)}
    assert sizes == {0, PAGE, 2 * PAGE}
    assert {"kept": bytes(2 * PAGE)} in left(tree, Survival.METADATA)


def test_rights_are_pending_too() -> None:
    tree, kept = with_file()
    tree.chmod(kept, 0o600)
    assert tree.crash(Survival.NOTHING, random.Random(1))["kept"].mode == FILE
    tree.sync(kept)
    assert tree.crash(Survival.NOTHING, random.Random(1))["kept"].mode == stat.S_IFREG | 0o600


@pytest.mark.parametrize(
    "attempt",
    [
        lambda tree: tree.make(ROOT, b"full", FILE),
        lambda tree: tree.remove(ROOT, b"full"),
        lambda tree: tree.remove(ROOT, b"missing"),
        lambda tree: tree.rename(ROOT, b"missing", ROOT, b"x", 0),
        lambda tree: tree.rename(ROOT, b"empty", ROOT, b"full", 0),
        lambda tree: tree.rename(ROOT, b"empty", ROOT, b"full", NOREPLACE),
        lambda tree: tree.rename(ROOT, b"empty", ROOT, b"missing", EXCHANGE),
    ],
)
def test_what_is_refused_changes_nothing(attempt: Callable[[Tree], object]) -> None:
    start = {"empty": Item(FOLDER, b""), "full": Item(FOLDER, b""), "full/a": Item(FILE, b"1")}
    tree = Tree(start)
    with pytest.raises(OSError, match="Errno"):
        attempt(tree)
    assert not tree.changes
    assert tree.crash(Survival.METADATA, random.Random(1)) == start


NAMES = st.sampled_from([b"a", b"b", b"c"])
STEPS = st.one_of(
    st.tuples(st.just("make"), st.just(ROOT), NAMES, st.just(FILE)),
    st.tuples(st.just("remove"), st.just(ROOT), NAMES),
    st.tuples(st.just("rename"), st.just(ROOT), NAMES, st.just(ROOT), NAMES, st.sampled_from([0, NOREPLACE, EXCHANGE])),
    st.tuples(st.just("write"), st.integers(2, 4), st.integers(0, 9000), st.binary(max_size=50)),
    st.tuples(st.just("resize"), st.integers(2, 4), st.integers(0, 9000)),
    st.tuples(st.just("sync"), st.integers(1, 4)),
)


@given(st.lists(STEPS, max_size=25), st.sampled_from(Survival), st.randoms(use_true_random=False))
def test_after_any_changes_syncing_all_saves_all(steps: list[tuple], survival: Survival, rng: random.Random) -> None:
    tree = Tree({"a": Item(FILE, b"1" * 5000)})
    for name, *arguments in steps:
        if name in ("write", "resize", "sync") and arguments[0] not in tree.nodes:
            continue
        try:
            Step(name, tuple(arguments)).apply(tree)
        except OSError:
            continue
        tree.crash(survival, rng)
    for number in tree.nodes:
        tree.sync(number)
    live = {name.decode(): bytes(tree.node(number).data) for name, number in tree.node(ROOT).entries.items()}
    assert {path: item.content for path, item in tree.crash(survival, rng).items()} == live
    assert not tree.changes


def test_a_record_tells_each_state_once_and_where() -> None:
    steps = [Step("make", (ROOT, b"f", FILE)), Step("sync", (ROOT,)), Step("write", (2, 0, b"xyz"))]
    steps.append(Step("resize", (2, 2)))
    crashes = list(Record({}, steps).crashes(random.Random(1), [Survival.NOTHING]))
    assert [(crash.after, crash.last, list(crash.left)) for crash in crashes] == [
        (0, "the start", []),
        (2, f"sync {ROOT}", ["f"]),
        (4, "resize 2 2", ["f"]),
    ]
    assert str(steps[2]) == "write 2 0 3 bytes"
    assert Record({}, steps).tree(after=1).child(ROOT, b"f") == 2


def test_snapshots_go_to_ordinary_files_and_back(tmp_path: Path) -> None:
    snapshot = {
        "a": Item(stat.S_IFDIR | 0o500, b""),
        "a/b": Item(stat.S_IFREG | 0o400, b"1"),
        "link": Item(stat.S_IFLNK | 0o777, b"a/b"),
    }
    lay_out(snapshot, tmp_path / "out")
    assert take(tmp_path / "out") == snapshot
