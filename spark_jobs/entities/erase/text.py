"""What an erasure came to, as its log: what is gone, what was looked at, what stays elsewhere."""

from collections.abc import Iterator

from spark_jobs.entities.erase.erasing import Erasure


def lines(done: Erasure) -> Iterator[str]:
    """The lines of the report."""
    purged, proof = done.purged, done.proof
    yield f"{done.entity_id}: {done.records:,} records in {done.profiles:,} profiles erased"
    yield (
        f"  removed: {purged.edges:,} edges, content of {purged.events:,} events, {purged.aliases:,} retired ids, "
        f"{purged.decisions:,} decisions, {purged.files:,} superseded files, {purged.log_entries:,} log entries"
    )
    yield (
        f"  proof: {proof.files:,} files ({proof.bytes:,} bytes, {proof.values:,} values) hold neither its profile "
        "ids, nor its numbers, nor its ids"
    )
    if done.shared:
        yield f"  {done.shared} of its numbers are also said by records of other entities; those records stay theirs"
    yield "  stays: the departments' own rows in landing, bronze and silver, under their own retention"
    yield "  stays: salted hashes of the erased profiles, so that those rows do not bring it back; a new delivery does"
    yield "  next: lake warehouse build, which takes it out of base libraries and marts"
