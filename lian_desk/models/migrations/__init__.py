"""Alembic environment, shipped as package data; run with a connection handed in, without an ini file."""
