"""The city's deliveries, where its departments would put them."""

from pathlib import Path

from spark_jobs.base.settings import settings
from spark_jobs.city import load_source
from spark_jobs.commands.city_progress import generate_with_progress
from spark_jobs.commands.console import out
from spark_jobs.lake.storage.store import open_store


def city_folder() -> Path:
    """Where the city is generated: the lake home itself, whose inbox it fills, or a folder of it beside buckets."""
    return settings().home / "city" if settings().is_s3 else settings().home


def generate_into_inbox(records: int, days: int, seed: int) -> None:
    """Write the city's files into the inbox, a folder or a bucket; fill the bureaus' databases where there are any."""
    home, target = settings().home, city_folder()
    summary = generate_with_progress(records, days, seed, target, False)
    out.print(f"city: {summary.rows:,} records in {summary.files} deliveries below {target / 'inbox'}", highlight=False)
    if settings().is_s3:
        store = open_store()
        for path in sorted((target / "inbox").rglob("*")):
            if path.is_file():
                store.put_file("inbox", str(path.relative_to(target / "inbox")), path)
    for source in sorted((target / "sources").glob("*.db")):
        owner = home / "secrets" / f"source_{source.stem}_owner.url"
        if owner.is_file():
            load_source(owner.read_text("utf-8").strip(), target, source.stem)
