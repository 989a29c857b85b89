"""``python -m tests.support.family OUT [--seed N] [--size small|full] [--five | --bad] [--silent]``"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.support.family import bad, shoebox


def main() -> None:
    """Writes a shoebox to OUT, and beside it OUT.expected.toml."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.family")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("--five", action="store_true", help="only five photographs and one letter")
    parser.add_argument("--bad", action="store_true", help="only what no reader should trip over")
    parser.add_argument("--lines", type=int, default=20_000, help="of the long chat of --bad; up to two million")
    parser.add_argument("--silent", action="store_true", help="no voices and no film")
    options = parser.parse_args()
    if options.bad:
        account = bad.write(options.out, options.seed, options.lines)
    elif options.five:
        account = shoebox.write_five(options.out)
    else:
        account = shoebox.write(options.out, options.seed, options.size == "full", not options.silent)
    told = options.out.with_name(f"{options.out.name}.expected.toml")
    told.write_text(shoebox.as_toml(account), encoding="utf-8")
    print(f"{len(account)} files in {options.out}; what must be found in them: {told}")


if __name__ == "__main__":
    main()
