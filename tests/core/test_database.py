"""Where runs are stored: files and servers, what is no database of ours, and those of older versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from pairdigits.config import RunConfig
from pairdigits.runs.database import VERSIONS, DatabaseAwayError, StoreError, connect, transaction
from pairdigits.runs.store import Store
from tests.core.undisturbed import TINY


def as_1_0(location: str, aside: Path) -> None:
    """Fill a new database with tables and rows of version 1.0, which are kept as SQLite writes them out."""
    path = Path(location) if "://" not in location else aside
    with sqlite3.connect(path) as connection:
        connection.executescript((Path(__file__).parent / "store_1_0.sql").read_text())
    connection.close()
    path.chmod(0o644)
    if path is aside:
        source, target, tables = sa.create_engine(f"sqlite:///{path}"), sa.create_engine(location), sa.MetaData()
        sa.event.listen(tables, "column_reflect", lambda _, __, column: column.update(type=column["type"].as_generic()))
        tables.reflect(source)
        with source.connect() as there, target.begin() as here:
            tables.create_all(here)
            for table in tables.sorted_tables:
                for row in there.execute(sa.select(table)).mappings():
                    here.execute(sa.insert(table).values(row))
            here.exec_driver_sql("SELECT setval('runs_id_seq', (SELECT max(id) FROM runs))")
        source.dispose(), target.dispose()


def test_a_database_of_version_1_0_is_migrated(location, tmp_path):
    as_1_0(location, tmp_path / "aside.db")
    Store(location).close()
    store = Store(location)  # a second time there is nothing to do
    page = store.page(include_deleted=True)
    assert [run.name for run in page.runs] == [
        "left behind by 1.0", "hidden of 1.0", "paused of 1.0", "finished of 1.0",
    ]  # fmt: skip
    assert [damaged.name for damaged in page.damaged] == ["unreadable of 1.0"]
    assert all((run.key, run.visitor, run.until) == (run.config.key, "", 0) for run in page.runs)
    assert store.page(search="v6, auxiliary loss x 0.5", include_deleted=True).total == 1
    done = store.find(RunConfig(variant="v1", train_pairs=20, validation_pairs=0, test_pairs=10, epochs=2).key)
    assert (done.id, store.model(done.id), len(store.records(done.id))) == (1, b"model", 2)
    assert store.snapshot(2) == b"snapshot" and store.run(2).snapshot_epoch == 1
    assert store.queue(2, "me:1:a") == 1
    assert store.run(store.add(TINY)).id == 6
    assert "://" in location or Path(location).stat().st_mode & 0o777 == 0o600
    store.close()


def test_migrated_tables_are_those_of_a_new_database(tmp_path):
    old, new = (sqlite3.connect(tmp_path / name) for name in ("old.db", "new.db"))
    old.executescript((Path(__file__).parent / "store_1_0.sql").read_text())
    for name in ("old.db", "new.db"):
        Store(tmp_path / name).close()
    for kind in ("table_info", "index_list", "foreign_key_list"):
        for table in ("runs", "blobs", "records", "owners", "alembic_version"):
            columns = [
                {row[1:3] if kind == "table_info" else row[1:] for row in each.execute(f"PRAGMA {kind}({table})")}
                for each in (old, new)
            ]
            assert columns[0] == columns[1]
    old.close()
    new.close()


def test_a_database_of_a_newer_version_is_left_alone(location):
    Store(location).close()
    engine = connect(location)
    with transaction(engine) as connection:
        connection.execute(sa.update(VERSIONS).values(version_num="9.9"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer version of PairDigits"):
        Store(location)


def test_environment_names_the_database(tmp_path, monkeypatch):
    monkeypatch.setenv("PAIRDIGITS_DATABASE", f"sqlite:///{tmp_path}/named.db")
    Store().close()
    assert (tmp_path / "named.db").exists()
    monkeypatch.delenv("PAIRDIGITS_DATABASE")
    monkeypatch.chdir(tmp_path)
    Store().close()
    assert (tmp_path / "pairdigits.db").exists()


@pytest.mark.parametrize(
    "location",
    ["sqlite://", ":memory:", "sqlite:///a.db?mode=memory", "sqlite:///file:a?mode=memory&uri=true", "a\0b",
     "sqlite:///a\0b", "postgresql://a\0b/c", "postgresql+psycopg://127.0.0.1:9/db",
     "nonsense://host/db", "oracle://host/db", "://", "postgresql://host:port/db", "missing/runs.db", "."],
)  # fmt: skip
def test_bad_location_is_one_sentence(location, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught:
        Store(location)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message and "\0" not in message
    assert not list(tmp_path.iterdir())


def test_a_new_file_is_its_owners_alone(tmp_path):
    store = Store(tmp_path / "runs.db")
    store.add(TINY)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    store.close()


def test_foreign_files_are_refused_and_left_alone(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no database, but long enough to look for a header in it" * 20)
    before = text.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        Store(text)
    assert text.read_bytes() == before

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE runs (id INTEGER, title TEXT)")
    with pytest.raises(StoreError, match="another program or version"):
        Store(other)
    with sqlite3.connect(other) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("runs",)]


def test_a_deleted_file_is_noticed_and_one_put_back_is_used(tmp_path):
    path, aside = tmp_path / "runs.db", tmp_path / "aside.db"
    store = Store(path)
    id = store.add(TINY)
    store.close()  # everything is in the one file
    path.rename(aside)
    for ask in (store.runs, lambda: store.add(TINY)):
        with pytest.raises(DatabaseAwayError, match=r"runs\.db has been deleted or moved"):
            ask()
    assert not path.exists()
    aside.rename(path)
    assert [run.id for run in store.runs()] == [id]
    path.unlink()
    Store(path).close()  # a new one in its place
    assert store.runs() == []
    store.close()


def test_database_that_goes_away_is_one_sentence(store):
    with transaction(store._engine) as connection:
        connection.exec_driver_sql("DROP TABLE records")
    with pytest.raises(StoreError, match=r"cannot be used: .*records"):
        store.records(1)
