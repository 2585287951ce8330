"""Which contact a row of data belongs to, in plain Python: no database, nothing of Odoo."""
