"""The family of a pile of texts, and what it is asked when they contradict each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.kin_evidence import Evidence, Finder, addressing, in_about, sex_of
from provisioning.memories.kin_path import Path
from provisioning.memories.kin_tree import Family, contradictions, family, relatives
from provisioning.memories.kinship import ways
from provisioning.memories.memory import Cited
from provisioning.memories.review import People

HERE = Cited("stories.txt", 1)
GRANDCHILD = (("d", "c"), ("s", "c"))
NOBODY = People()
ABOUT = "An engineer. Husband of Shen Xiulan, father of Tingchao and Wen, grandfather of Mei and Leo."


def tree(
    *texts: str, to: tuple[Path, ...] = GRANDCHILD, names: tuple[str, ...] = (), people: People = NOBODY
) -> Family:
    finder = Finder(names, texts, "male")
    return family([e for text in texts for e in finder.find(text, to, HERE)], people, "male")


def kinships(found: Family) -> dict[str, str]:
    return {r.name: r.kinship for r in relatives(found)}


def test_whoever_is_named_beside_a_kinship_word() -> None:
    found = tree("My daughter Ting was born.", "Wen, my son, puts up cranes.", "My mother's brother Bao sang.")
    assert kinships(found) == {"Ting": "daughter", "Wen": "son", "Bao": "mothers-brother"}


def test_your_is_whose_it_is_said_to() -> None:
    assert kinships(tree("Your grandmother Lan counted.")) == {"Lan": "wife"}
    assert kinships(tree("你外婆秀兰数楼梯。", to=(("d", "s"),), names=("秀兰",))) == {"秀兰": "wife"}
    assert kinships(tree("你舅舅阿稳不怕。", to=(("d", "s"),), names=("阿稳",))) == {"阿稳": "son"}


def test_chinese_names_behind_kinship() -> None:
    assert kinships(tree("我女儿叫听潮，是听潮水。")) == {"听潮": "daughter"}
    assert kinships(tree("我外孙小乐怕高。", names=("小乐",))) == {"小乐": "daughters-son"}


def test_what_the_family_says_of_the_person() -> None:
    found = family(in_about(ABOUT, HERE), People(), "male")
    assert kinships(found) == {
        "Shen Xiulan": "wife",
        "Tingchao": "child",
        "Wen": "child",
        "Mei": "grandchild",
        "Leo": "grandchild",
    }
    (wife,) = (r for r in relatives(found) if r.name == "Shen Xiulan")
    assert wife.parent_of == ("Tingchao", "Wen")


def test_names_of_one_are_merged_when_they_are_related_alike() -> None:
    found = tree("我女儿听潮出生。", "My daughter Ting was born.", "我女儿阿潮听墙。", names=("听潮", "阿潮"))
    (one,) = relatives(found)
    assert {one.name, *one.words} == {"听潮", "Ting", "阿潮"}


def test_a_contradiction_is_asked_and_not_guessed() -> None:
    found = tree("My daughter Ting was born.", "My wife Ting was born.")
    assert kinships(found) == {"Ting": ""}
    (question,) = contradictions(found)
    assert "Ting" in question.en
    assert "Ting" in question.zh
    settled = tree(
        "My daughter Ting was born.",
        "My wife Ting was born.",
        people=People(kinship={"Ting": "女儿"}, merge={"小潮": "Ting"}),
    )
    assert kinships(settled) == {"Ting": "daughter"}
    assert contradictions(settled) == ()


def test_who_is_meant_in_a_text() -> None:
    found = tree("Your grandmother Lan counted.", "My daughter Ting was born.", "Wen, my son, fell.")
    assert found.named_in("Ting laughed at your grandmother.", GRANDCHILD) == ("Ting", "Lan")
    assert found.named_in("My father rowed.") == ("Father",)
    assert found.named_in("你外公我怕高。", (("d", "s"),)) == ()
    assert found.named_in("Tingling cold.") == ()


def test_how_somebody_is_addressed_tells_who_writes() -> None:
    assert addressing("爸，吃饭了吗")[0] == ("c",)
    assert addressing("外公！")[0] == ("d", "c")
    assert addressing("Grandpa, look")[0] in GRANDCHILD
    assert addressing("我爸说他不来") == ()


def test_sex_from_what_they_are_called() -> None:
    assert sex_of(["外公", "Grandpa Chen"], "") == "male"
    assert sex_of(["外婆"], "") == "female"
    assert sex_of([], ABOUT) == "male"
    assert sex_of(["老李"], "") == ""


@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.text(max_size=4), max_size=3))
def test_any_texts(texts: list[str], names: list[str]) -> None:
    found = tree(*texts, names=tuple(names))
    assert all(isinstance(found.named_in(t), tuple) for t in texts)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Ting", "听潮", "Wen", "阿稳"]), st.sampled_from(["女儿", "son", "wife", "外孙"])),
        max_size=8,
    )
)
def test_the_order_of_evidence_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    told = [Evidence(name, ways(kin), HERE) for name, kin in pairs]
    assert kinships(family(told, People(), "male")) == kinships(family(list(reversed(told)), People(), "male"))
