"""What the rooms found, put into the words of the report. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from device.persona.unpacked import PersonaFile
from device.persona.voice_file import Interjection, Original, VoiceFile
from provisioning.photos.choice import Choice
from provisioning.photos.seen import Seen
from provisioning.report.content import About, Agreement, Chosen, Likeness, Pair, Reason, Tier, Voice, Words
from provisioning.voice_kit.compare import Compared
from provisioning.voice_kit.measure import Measures

TIERS = {"manner": "T1", "style": "T2", "piper": "T3"}
"""Voice of the kit -> how the report calls it"""
PORTRAIT, SMILE, MORE = Words("the face", "脸"), Words("the smile", "微笑"), Words("for comparison", "用来比对")
USED = Words("It speaks what no recording says.", "录音里没有的话由它来说。")
SPARE = Words("Made, and not used: another one is nearer.", "做好了，但没有采用：另一个更像。")
PLAYED = Words("Where a recording says just that.", "录音里正好有这句话时播放。")


def about(file: PersonaFile, portrait: str = "") -> About:
    """Who it is about."""
    person = file.person
    born, died = str(person.born or ""), str(person.died or "")
    return About(person.name, person.called, person.languages, born, died, person.about, portrait)


def agreement(file: PersonaFile) -> Agreement:
    """Consent as persona.toml tells it, and what is plainly lacking."""
    given, lacking = file.consent, []
    if not given.grants:
        lacking.append(Words("Nothing is granted yet.", "还没有同意任何用途。"))
    if given.basis == "relative" and not given.evidence:
        lacking.append(Words("Evidence of the relation and the death.", "还缺亲属关系和去世的证明。"))
    if given.basis == "relative" and not file.person.died:
        lacking.append(Words("A living person must agree themselves.", "在世的人要本人同意。"))
    if given.basis == "self" and not given.declaration:
        lacking.append(Words("The person's own recorded sentence.", "还缺本人朗读的录音。"))
    by, relation = given.by or file.brought_by.name, given.relation or file.brought_by.relation
    return Agreement(given.basis, by, relation, given.evidence, given.grants, given.wishes, given.who, tuple(lacking))


def likeness(
    choice: Choice,
    seen: Mapping[str, Seen],
    films: int = 0,
    compared: Sequence[str] = (),
    weak: Sequence[Words] = (),
    moving: Sequence[str] = (),
) -> Likeness:
    """The photographs that were chosen, those that were not and why. `compared`: pictures that show how; `weak`: the
    likeness's own remarks; `moving`: pictures of the face as it moves."""
    chosen = tuple(
        Chosen(one.photo, (Words(one.en, one.zh),), _part(one.role)) for one in choice.candidates if one.role
    )
    passed = _passed_over(choice)
    best = choice.portrait
    if best is None or best.photo not in seen or best.face >= len(seen[best.photo].faces):
        return Likeness(chosen, passed, tuple(moving), tuple(compared), tuple(weak), films=films)
    face = seen[best.photo].faces[best.face]
    return Likeness(
        chosen,
        passed,
        tuple(moving),
        tuple(compared),
        tuple(weak),
        face.eye_distance,
        face.turned,
        face.sharpness,
        face.lit,
        films,
    )


def _passed_over(choice: Choice) -> tuple[Reason, ...]:
    counts = Counter((one.en, one.zh) for one in choice.candidates if not one.role)
    return tuple(Reason(Words(*why), count) for why, count in counts.most_common())


def _part(role: str) -> Words:
    return PORTRAIT if role == "portrait" else SMILE if role.endswith("smiling") else MORE


def voice(
    file: VoiceFile,
    originals: Sequence[Original],
    interjections: Sequence[Interjection],
    measured: Measures | None,
    pairs: Sequence[Compared] = (),
    kept_out: Mapping[str, int] | None = None,
) -> Voice:
    """What there is of their voice, by the encoder that took no part where it was asked. Files of `pairs` are named
    ab/NAME."""
    judged = (measured.held_out or measured.first) if measured is not None else None
    used = {f"T{spoken.tier}" for spoken in file.languages.values()}
    original = Tier("T0", bool(originals), PLAYED, mos=measured.mos.get("original") if measured else None)
    return Voice(
        minutes=sum(one.seconds for one in originals) / 60,
        passages=len(originals),
        stranger=judged.stranger if judged else None,
        same=judged.again if judged else None,
        tiers=(original, *_tiers(measured, used)),
        moods=dict(Counter(one.mood for one in originals)),
        kept_out=dict(kept_out or {}),
        interjections=dict(Counter(one.kind for one in interjections)),
        pairs=tuple(_pairs(pairs, used)),
    )


def _tiers(measured: Measures | None, used: set[str]) -> list[Tier]:
    if measured is None:
        return []
    judged = measured.held_out or measured.first
    wrong = measured.intelligible
    found = []
    for name, code in TIERS.items():
        errors = [table[name] for table in (wrong.cer, wrong.wer) if name in table]
        if name in measured.mos or errors:
            similarity = judged.voices.get(name) if judged else None
            worst = max(errors) if errors else None
            why = USED if code in used else SPARE
            found.append(Tier(code, code in used, why, similarity, worst, measured.mos.get(name)))
    return found


def _pairs(compared: Sequence[Compared], used: set[str]) -> list[Pair]:
    """The person beside the voice that is used, of each sentence."""
    found = []
    for one in compared:
        name = next((name for name, code in TIERS.items() if code in used and name in one.files), "")
        if name and "original" in one.files:
            found.append(Pair(one.text, f"ab/{one.files['original']}", f"ab/{one.files[name]}", TIERS[name]))
    return found
