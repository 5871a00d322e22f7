"""The PostgreSQL of Django; base.py says what differs."""
