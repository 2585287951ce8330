"""How an Odoo 19 with the suite comes to life on a bare Debian machine; no business logic."""
