"""``imago-provision sign P.imago``: one relative more signs a pack."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import Any

from device.errors import BadInput, Missing
from device.persona.pack import signed
from device.persona.pack.envelope import packed, read_head
from device.persona.pack.keys import key_id
from device.persona.pack.signed import Statement
from provisioning.commands.output import progress

BLOCK = 1 << 20


def add_parser(subparsers: Any) -> None:
    """Adds ``sign`` to the command line."""
    parser = subparsers.add_parser("sign", help="sign a pack, too, where the family asks for more than one relative")
    parser.add_argument("pack", type=Path, metavar="P.imago")
    parser.add_argument("--key", type=Path, required=True, metavar="OWNER.key")


def run(options: argparse.Namespace) -> int:
    """Adds a signature; the pack is replaced as a whole."""
    from provisioning.keys import load, passphrase

    key = load(options.key, passphrase(f"{options.key.name}: passphrase / 口令"))
    try:
        with options.pack.open("rb") as file:
            statement = read_head(file.read)
            if key_id(key.public) in {s.keyid for s in statement.signatures}:
                raise BadInput(str(options.pack), expected="one relative more", got="one who has signed it")
            made = signed.sign(statement.payload_type, statement.payload, {key.public: key.signing.sign})
            both = Statement(statement.payload, statement.payload_type, statement.signatures + made.signatures, "pack")
            draft = options.pack.with_name(f".{options.pack.name}.{secrets.token_hex(4)}")
            try:
                with draft.open("wb") as out:
                    out.write(packed(both))
                    while part := file.read(BLOCK):
                        out.write(part)
                draft.replace(options.pack)
            finally:
                draft.unlink(missing_ok=True)
    except FileNotFoundError:
        raise Missing(str(options.pack), expected="a pack", got="none") from None
    except OSError as error:
        raise BadInput(str(options.pack), expected="a pack", got=error.strerror or str(error)) from None
    progress(f"{options.pack}: signed by {len(both.signatures)}")
    return 0
