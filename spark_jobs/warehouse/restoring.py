"""Back to a build that passed."""

from spark_jobs.base.errors import LakeError
from spark_jobs.control import warehouse_builds
from spark_jobs.control.exclusive import exclusive
from spark_jobs.warehouse import standing
from spark_jobs.warehouse.dbt_run import LEASE


def restore(number: int | None = None) -> tuple[int, list[str]]:
    """Give base libraries and marts the rows again that a build left; gives its number and the tables that had others.

    What stands then is noted as a build that read what that one read. Tables that are younger than the build stay.

    Args:
        number: of the build; by default the last one that passed, for after one that failed half-way.

    Raises:
        LakeError: there is no such build, or files of its versions are gone.
    """
    with exclusive(LEASE):
        found = [each for each in warehouse_builds.builds() if number in {None, each.number}]
        if not found:
            what = "no build of the warehouse is noted" if number is None else f"no build {number} is noted"
            raise LakeError(what, "lake warehouse builds lists them")
        to = found[0]
        back = standing.put_back({name: int(each["version"]) for name, each in to.tables.items()})
        if back:
            now = {name: each.document() for name, each in standing.now().items() if name in to.tables}
            warehouse_builds.note(to.selection, to.published, to.entities, now)
        return to.number, back
