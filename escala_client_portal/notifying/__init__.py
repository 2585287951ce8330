"""Who is written to, at which address: plain Python that imports nothing of Odoo."""
