"""Prepared figures behind the teaching pages."""
