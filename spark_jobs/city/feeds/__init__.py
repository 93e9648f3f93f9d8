"""The synthetic data of the feeds: `<agency>/<feed>.py` is one feed's, and adding such a file adds its data."""

from importlib import import_module
from pathlib import Path

from spark_jobs.base.errors import LakeError
from spark_jobs.city.feed_data import FeedData


def data_of_feeds() -> dict[str, FeedData]:
    """The data of each feed that has a file here, by the feed's id, sorted.

    Raises:
        LakeError: a file has no `DATA`.
    """
    found = {(file.parent.name, file.stem) for folder in __path__ for file in Path(folder).glob("*/*.py")}
    return {f"{agency}/{feed}": _data_in(f"{__name__}.{agency}.{feed}") for agency, feed in sorted(found)}


def _data_in(module: str) -> FeedData:
    data = getattr(import_module(module), "DATA", None)
    if not isinstance(data, FeedData):
        what = f"{module} has no DATA that says what the feed delivers"
        raise LakeError(what, "let it be one of the classes of spark_jobs/city/feed_data.py, as in the files beside it")
    return data
