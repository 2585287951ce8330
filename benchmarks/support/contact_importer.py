"""One side of the import benchmark in a process of its own.

    python -m benchmarks.support.contact_importer (stock | escala) DATABASE CONFIG

Its commands: `new START COUNT` and `changed START COUNT` import those of `contact_rows` and answer with the
seconds that it took, `contacts` answers with each imported contact's reference, street and number of
alternative addresses.
"""

import sys
from pathlib import Path

from benchmarks.support.contact_rows import ALTERNATIVE_FIELDS, FIELDS, contact_rows
from benchmarks.support.worker import serve, timed
from setup import odoo_env

# As the import screen imports (base_import/static/src/import_model.js): no tracking unless it is asked for.
CONTEXT = {"import_file": True, "tracking_disable": True}
# As the suite's `execute_import` adds.
ESCALA_CONTEXT = {"registration": "import", "registration_policy": "update"}
IMPORTING_USER = 2  # the administrator


def main(kind: str, database: str, config: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))
    with odoo_env.environment(database) as env:
        env.cr.execute("ANALYZE")
        env.cr.commit()

    def import_rows(start: str, count: str, changed: bool) -> tuple[float, float]:
        rows = contact_rows(int(start), int(count), changed=changed)
        return _time_import(kind, database, rows)

    serve(
        {
            "new": lambda start, count: import_rows(start, count, changed=False),
            "changed": lambda start, count: import_rows(start, count, changed=True),
            "contacts": lambda: _read_contacts(kind, database),
        }
    )


def _time_import(kind: str, database: str, rows: list[list[str]]) -> tuple[float, float]:
    fields, context = [*FIELDS, *ALTERNATIVE_FIELDS], CONTEXT | ESCALA_CONTEXT
    if kind == "stock":
        fields, context = FIELDS, CONTEXT
        rows = [row[: len(FIELDS)] for row in rows]
    with odoo_env.environment(database, IMPORTING_USER) as env:

        def work() -> None:
            result = env["res.partner"].with_context(**context).load(fields, rows)
            if not result["ids"] or len(result["ids"]) != len(rows):
                raise RuntimeError(result["messages"] or result["registration"]["rows"][:3])
            env.cr.commit()

        return timed(work)


def _read_contacts(kind: str, database: str) -> list[tuple[str, str, int]]:
    with odoo_env.environment(database) as env:
        contacts = env["res.partner"].search([("ref", "=like", "K-%")])
        return [
            (
                contact.ref,
                contact.street,
                len(contact.alternative_email_ids) + len(contact.alternative_phone_ids)
                if kind == "escala"
                else 0,
            )
            for contact in contacts
        ]


if __name__ == "__main__":
    main(*sys.argv[1:])
