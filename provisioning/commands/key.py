"""``imago-provision key``: an owner's key, the words that bring it back, and who else may sign for the family."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from device.errors import BadInput, Missing, Usage
from device.persona.pack.family import Family
from device.persona.store import durable
from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``key`` and its actions to the command line."""
    parser = subparsers.add_parser("key", help="the keys with which a family signs")
    actions = parser.add_subparsers(dest="action", required=True, metavar="new|recover|change|join|show")
    new = actions.add_parser("new", help="a new family with one owner; prints 24 words for paper")
    recover = actions.add_parser("recover", help="an owner's key again, from the 24 words")
    change = actions.add_parser("change", help="other owners: an order for the frames")
    join = actions.add_parser("join", help="let an owner's key know of the family's newest order")
    show = actions.add_parser("show", help="whose key it is, without its passphrase")
    for action in (new, recover, change, join, show):
        action.add_argument("key", type=Path, metavar="OWNER.key")
    for action in (new, recover):
        action.add_argument("--name", default="", help="the owner's, for others to read")
    new.add_argument("--lang", choices=("en", "zh"), default="en", help="of the words")
    recover.add_argument("--lost", action="store_true", help="the old key was stolen: make another one and an order "
                         "that puts it in the old one's place")  # fmt: skip
    recover.add_argument("--root", type=Path, metavar="ORDER", help="the family's newest order, where there were any")
    for action in (recover, change):
        action.add_argument("--out", type=Path, metavar="X.imago-order")
    change.add_argument("--add", type=Path, action="append", default=[], metavar="OTHER.key", help="one owner more")
    change.add_argument("--remove", action="append", default=[], metavar="KEYID", help="an owner's key, for ever")
    change.add_argument("--threshold", type=int, metavar="N", help="so many must sign a persona")
    change.add_argument("--with", dest="others", type=Path, action="append", default=[], metavar="OTHER.key",
                        help="signs the order, too")  # fmt: skip
    join.add_argument("order", type=Path, metavar="X.imago-order")


def run(options: argparse.Namespace) -> int:
    """One action."""
    return {"new": _new, "recover": _recover, "change": _change, "join": _join, "show": _show}[options.action](options)


def _new(options: argparse.Namespace) -> int:
    from provisioning import keys

    if options.key.exists():
        raise BadInput(
            str(options.key), expected="a new file", got="one that is there", hint="a key is never overwritten"
        )
    phrase = keys.passphrase("a passphrase for the key / 给钥匙设一个口令", twice=True)
    paper = keys.new_paper()
    family = keys.first_root(paper, options.name)
    keys.save(options.key, keys.OwnerKey(paper.signing(1), paper.reading, family), phrase)
    progress(f"{options.key} is written. Write these words on paper and keep them away from the computer;")
    progress("they bring the key back, and whoever has them can take your place. 请把下面的词抄在纸上，另外收好。")
    print(numbered(keys.words(paper, options.lang)))
    return 0


def numbered(words: str) -> str:
    """24 words in six lines of four."""
    listed = [f"{n:2d} {word}" for n, word in enumerate(words.split(), 1)]
    return "\n".join(
        "   ".join(f"{word:<12}" for word in listed[at : at + 4]).rstrip() for at in range(0, len(listed), 4)
    )


def _recover(options: argparse.Namespace) -> int:
    """The same key again; with --lost another one, and the order that makes the frames go by it."""
    from provisioning import keys

    progress("the 24 words, then Enter / 24个词，然后回车:")
    paper = keys.from_words(sys.stdin.readline())
    phrase = keys.passphrase("a new passphrase for the key / 给钥匙设一个新口令", twice=True)
    family = read_order(options.root) if options.root else keys.first_root(paper, options.name)
    number = 1
    if options.lost:
        if not options.out:
            raise Usage("recover", expected="--out X.imago-order beside --lost", got="none")
        family, number = keys.replaced(family, paper, options.name)
        durable.hand_out(options.out, family.statement.encode())
    else:
        number = keys.number_of(family, paper)
    keys.save(options.key, keys.OwnerKey(paper.signing(number), paper.reading, family), phrase)
    progress(f"{options.key} is written")
    return 0


def _change(options: argparse.Namespace) -> int:
    from provisioning import keys

    if not options.out:
        raise Usage("change", expected="--out X.imago-order", got="none")
    opened = [
        keys.load(path, keys.passphrase(f"{path.name}: passphrase / 口令")) for path in (options.key, *options.others)
    ]
    added = [keys.owner_of(path) for path in options.add]
    family = keys.changed(opened[0].family, added, options.remove, options.threshold)
    after = keys.signed_root(family, [key.signing for key in opened])
    _must_follow(opened[0].family, after)
    durable.hand_out(options.out, after.statement.encode())
    progress(f"{options.out}: {len(after.root.owners)} owner(s), {after.root.threshold} must sign")
    progress(f"let each owner's key know: imago-provision key join OWNER.key {options.out.name}")
    return 0


def _must_follow(now: Family, after: Family) -> None:
    """As a frame would see it, so that it is said at home."""
    from device.persona.pack.family import succeed

    succeed(now, after.statement.encode())


def _join(options: argparse.Namespace) -> int:
    from provisioning import keys

    after = read_order(options.order)
    keys.join(options.key, after)
    progress(f"{options.key} knows version {after.root.version} of the family's owners")
    return 0


def _show(options: argparse.Namespace) -> int:
    from provisioning import keys

    file, family = keys.outside(options.key)
    print(f"key      {keys.id_of(file)}\nfamily   {family.id}\nversion  {family.root.version}")
    for owner, key in zip(family.root.owners, family.keys, strict=True):
        print(f"owner    {key} {owner.name}")
    print(f"{family.root.threshold} of them must sign a persona")
    return 0


def read_order(path: Path) -> Family:
    """A root order. Raises Missing or BadInput."""
    from device.persona.pack.family import read_known_root

    try:
        return read_known_root(path.read_bytes())
    except FileNotFoundError:
        raise Missing(str(path), expected="an order of the family", got="none") from None
    except OSError as error:
        raise BadInput(str(path), expected="an order of the family", got=error.strerror or str(error)) from None
