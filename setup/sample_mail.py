"""The sample mail of ``tests/data/mail`` as bytes ready for an IMAP server.

Used by the demo and by the end-to-end tests; run it to see what there is:
``python3 -m setup.sample_mail``.
"""

from __future__ import annotations

import base64
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "data" / "mail"

_LINE_END = re.compile(rb"\r?\n")
_FILL = re.compile(rb"^X-Sample-Fill: (?P<size>\d+) (?P<text>[^\r\n]+)$", re.MULTILINE)


@dataclass(frozen=True)
class SampleMessage:
    """One copy of a message in one folder of one mailbox.

    :param mailbox: address of the mailbox, ``laura@nordica.example``
    :param folder: name of the IMAP folder, ``INBOX``
    :param file: path of the ``.eml``, relative to the folder of the samples
    :param flags: IMAP flags of this copy, ``("\\\\Seen",)``
    :param outcome: what the sync must do with it; see ``tests/data/mail/README.md``
    :param note: what this message is an example of
    :param raw: the whole message, with CRLF line ends
    """

    mailbox: str
    folder: str
    file: str
    flags: tuple[str, ...]
    outcome: str
    note: str
    raw: bytes = field(repr=False)


def load_samples(folder: Path = SAMPLES) -> Iterator[SampleMessage]:
    """Yield every placement of ``index.csv`` in the order of delivery.

    Append them to their folders in this order and the UIDs come out in it too::

        for sample in load_samples():
            imap.append(sample.folder, " ".join(sample.flags), None, sample.raw)

    :param folder: where ``index.csv`` and the messages lie
    """
    with (folder / "index.csv").open(newline="", encoding="utf-8") as index:
        for row in csv.DictReader(index):
            yield SampleMessage(
                mailbox=row["mailbox"],
                folder=row["folder"],
                file=row["file"],
                flags=tuple(row["flags"].split()),
                outcome=row["outcome"],
                note=row["note"],
                raw=read_message(folder / row["file"]),
            )


def read_message(path: Path) -> bytes:
    """Return one message as it goes over the wire: filled, with CRLF line ends.

    :param path: the ``.eml`` file
    """
    return _LINE_END.sub(b"\r\n", _FILL.sub(_fill, path.read_bytes()))


def _fill(match: re.Match[bytes]) -> bytes:
    """Return an attachment of ``size`` bytes that repeats ``text``, in base64."""
    size = int(match["size"])
    line = match["text"] + b"\n"
    content = (line * (size // len(line) + 1))[:size]
    return base64.encodebytes(content).rstrip(b"\n")


def _print_counts() -> None:
    """Print how many messages there are per mailbox, folder and outcome."""
    counts = Counter((s.mailbox, s.folder, s.outcome) for s in load_samples())
    for (mailbox, folder, outcome), count in sorted(counts.items()):
        print(f"{mailbox:<24} {folder:<9} {outcome:<28} {count:>4}")
    print(f"{'total':<63} {sum(counts.values()):>4}")


if __name__ == "__main__":
    _print_counts()
