"""I5: the reasons that rows are held back for are those of the feed's closed list."""

from collections.abc import Iterator, Sequence

from expectations.contract.feed import FeedContract
from expectations.rejections import load_rejections
from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.finding import Finding, Remark, shown
from spark_jobs.control.provenance import contract_sha256


def check(booked: Sequence[Booked], contract: FeedContract | None) -> Iterator[Finding | Remark]:
    """Findings on reasons outside the closed list.

    A receipt was issued by the contract of its time: where that was another one than today's, its list is not known.
    """
    closed_list = set(load_rejections()) | (set(contract.breaches()) if contract else set())
    today = contract_sha256(contract) if contract else None
    earlier = 0
    for one in booked:
        unknown = sorted(set(one.reasons) - closed_list)
        if not unknown:
            continue
        if one.contract_sha256 != today:
            earlier += 1
            continue
        what = f"reasons outside the closed list: {', '.join(shown(code) for code in unknown)}"
        step = f"compare the receipt with the contract; refine the day again: lake refine {one.feed} --from … --to …"
        yield Finding("I5", f"ledger {one.feed} {one.delivery_id}", what, step, one.delivery_id)
    if earlier:
        yield Remark(booked[0].feed, f"{earlier} receipts have reasons of an earlier contract, whose list is not known")
