"""Runs kept in a database and trained on Dask's workers."""
