"""Ten rows are registered with as many queries as a hundred."""

import contextlib
import re
from collections import Counter

from odoo.tests import tagged

from .common import ContactRulesCase

# What this add-on and the model of contacts ask; not what other models ask about a contact that changes.
OWN_QUERY = re.compile(
    r'(FROM|INTO|UPDATE)\s+"?(res_partner|contact_\w+|res_partner_email|res_partner_phone)\b'
)


@tagged("post_install", "-at_install")
class TestRegistrationQueries(ContactRulesCase):
    """Counted with nothing in the cache: whatever is asked is asked anew."""

    def rows(self, name, count, **values):
        """Return the rows of so many people; in further values `#` is the number of the person."""
        start = sum(name.encode()) * 1000
        return [
            {
                "name": f"{name} {number}",
                "email": f"{name}{number}@filas.example",
                "phone": f"+34 6{start + number:08d}",
                "street": f"Calle Mayor {number}",
                "country_id": self.spain.id,
                **{field: value.replace("#", str(number)) for field, value in values.items()},
            }
            for number in range(count)
        ]

    def register(self, rows):
        """Register rows as an import does."""
        return self.env["res.partner"]._register_contacts(rows, "import")

    def queries_of(self, work):
        """Return the queries that it takes to do something, and what came of it."""
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        with contextlib.contextmanager(self._patchExecute)(queries):
            result = work()
        return queries, result

    def assertQueriesDoNotGrow(self, make_rows, *results, only=None):
        """Register what `make_rows` returns for 10 and for 100 people, and compare the queries.

        Once before, as there is what Odoo asks once for each process.
        """
        counts = []
        for name, count in (("first", 10), ("few", 10), ("many", 100)):
            rows = make_rows(name, count)
            queries, registrations = self.queries_of(lambda rows=rows: self.register(rows))
            self.assertEqual(set(registrations.mapped("result")), set(results))
            counts.append(
                Counter(" ".join(query.split())[:150] for query in queries if not only or only.search(query))
            )
        _first, few, many = counts
        self.assertEqual(few.total(), many.total(), (many - few).most_common())

    def test_new_contacts(self):
        self.assertQueriesDoNotGrow(self.rows, "created")

    def test_new_contacts_with_an_alternative(self):
        def make_rows(name, count):
            return self.rows(name, count, alternative_emails=f"otro#@{name}.example")

        self.assertQueriesDoNotGrow(make_rows, "created")

    def test_new_contacts_with_tracking(self):
        self.env = self.env(context={})
        self.assertQueriesDoNotGrow(self.rows, "created")

    def test_existing_contacts_that_change(self):
        def make_rows(name, count):
            self.register(self.rows(name, count))
            return self.rows(name, count, function="Buyer #", website="www#.filas.example")

        self.assertQueriesDoNotGrow(make_rows, "updated")

    def test_existing_contacts_that_change_with_tracking(self):
        def make_rows(name, count):
            self.register(self.rows(name, count))
            return self.rows(name, count, function="Buyer #", website="www#.filas.example")

        self.env = self.env(context={})
        self.assertQueriesDoNotGrow(make_rows, "updated")

    def test_existing_contacts_with_a_new_alternative(self):
        def make_rows(name, count):
            self.register(self.rows(name, count))
            return self.rows(name, count, alternative_emails=f"otro#@{name}.example")

        self.assertQueriesDoNotGrow(make_rows, "updated")

    def test_existing_contacts_with_a_first_address(self):
        """Odoo asks for the leads, users and meetings of each contact whose e-mail changes."""

        def make_rows(name, count):
            rows = self.rows(name, count)
            self.register([{**row, "email": False} for row in rows])
            return rows

        self.assertQueriesDoNotGrow(make_rows, "updated", only=OWN_QUERY)

    def test_existing_contacts_that_move(self):
        """Odoo's snailmail, where it is installed, asks for the letters of each contact whose street changes."""

        def make_rows(name, count):
            self.register(self.rows(name, count))
            return self.rows(name, count, street="Avenida #")

        self.assertQueriesDoNotGrow(make_rows, "updated", only=OWN_QUERY)

    def test_existing_contacts_without_changes(self):
        def make_rows(name, count):
            self.register(self.rows(name, count))
            return self.rows(name, count)

        self.assertQueriesDoNotGrow(make_rows, "skipped")

    def test_new_and_existing_contacts_in_turns(self):
        def make_rows(name, count):
            self.register(self.rows(name, count)[::2])
            return self.rows(name, count, function="Buyer #")

        self.assertQueriesDoNotGrow(make_rows, "created", "updated")

    def test_deleted_contacts(self):
        def make_rows(name, count):
            rows = self.rows(name, count)
            self.register(rows).partner_id._move_to_bin()
            return rows

        self.assertQueriesDoNotGrow(make_rows, "restored")

    def test_an_import_looks_each_country_up_once(self):
        columns = ["name", "email", "country_id"]
        contacts = self.env["res.partner"].with_context(import_file=True, registration="import")
        counts = []
        for name, count in (("first", 10), ("few", 10), ("many", 100)):
            rows = [[f"{name} {n}", f"{name}{n}@filas.example", "Spain"] for n in range(count)]
            queries, result = self.queries_of(lambda rows=rows: contacts.load(columns, rows))
            self.assertEqual(len(result["ids"]), count)
            self.assertEqual(contacts.browse(result["ids"]).country_id, self.spain)
            counts.append(len(queries))
        self.assertEqual(counts[1], counts[2])
