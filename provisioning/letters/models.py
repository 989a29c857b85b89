"""The models that read writing: PP-OCRv6 (PaddleOCR, Apache-2.0), as they come inside the package `rapidocr` 3.10.

They need no entry in the catalog, but are checked like any other before they are used, so that nothing is read with,
and nothing downloaded in place of, a file that is not the one that was tried.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from device.errors import BadInput, Missing
from models_quantized.catalog import sha256_of

FILES = {
    "Det": ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "Rec": ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
    "Cls": ("ch_ppocr_mobile_v2.0_cls_mobile.onnx", "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c"),
}
"""What each is for, in rapidocr's words: finding lines, reading them, telling which are upside down."""
_HINT = "install rapidocr 3.10.0 again"


@cache
def verified() -> dict[str, Path]:
    """Where each lies. Raises Missing or BadInput."""
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    return {part: checked(folder / name, digest) for part, (name, digest) in FILES.items()}


def checked(path: Path, digest: str) -> Path:
    """The same path. Raises Missing where nothing is there, BadInput where it is not that file."""
    if not path.is_file():
        raise Missing(f"model {path.name}", expected="it in the package rapidocr", got="no such file", hint=_HINT)
    got = sha256_of(path)
    if got != digest:
        raise BadInput(f"model {path.name}", expected=f"SHA-256 {digest[:12]}...", got=f"{got[:12]}...", hint=_HINT)
    return path
