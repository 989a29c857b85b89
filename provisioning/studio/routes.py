"""Which page answers what."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.studio.answer import Request, Response
from provisioning.studio.desk import Desk
from provisioning.studio.pages import (
    consent,
    letters,
    listen,
    media,
    memories,
    photographs,
    preview,
    questions,
    report,
    speakers,
    start,
)

Handler = Callable[[Desk, Request], Response]

ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "start"): start.show,
    ("GET", "language"): start.language,
    ("GET", "speakers"): speakers.show,
    ("POST", "speakers"): speakers.save,
    ("POST", "person"): speakers.person,
    ("GET", "letters"): letters.show,
    ("POST", "letters"): letters.save,
    ("GET", "photographs"): photographs.show,
    ("POST", "photographs"): photographs.save,
    ("POST", "face"): photographs.name,
    ("GET", "memories"): memories.show,
    ("POST", "memories"): memories.save,
    ("GET", "questions"): questions.show,
    ("POST", "questions"): questions.save,
    ("POST", "spoken"): questions.spoken,
    ("GET", "listen"): listen.show,
    ("POST", "listen"): listen.choose,
    ("GET", "consent"): consent.show,
    ("POST", "consent"): consent.save,
    ("POST", "sentence"): consent.sentence,
    ("POST", "evidence"): consent.evidence,
    ("POST", "declaration"): consent.declaration,
    ("GET", "preview"): preview.show,
    ("POST", "preview"): preview.ask,
    ("POST", "wrong"): preview.wrong,
    ("GET", "report"): report.show,
    ("GET", "sheet"): report.sheet,
    ("GET", "picture"): media.picture,
    ("GET", "face-picture"): media.one_face,
    ("GET", "sound"): media.sound,
    ("GET", "trial"): media.trial,
    ("GET", "spoken"): media.spoken,
    ("GET", "declared"): media.declared,
    ("GET", "studio.css"): media.file,
    ("GET", "studio.js"): media.file,
    ("GET", "recorder.js"): media.file,
    ("GET", "letters.js"): media.file,
}
