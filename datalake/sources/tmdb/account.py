"""Counts of TMDB's usable and bad responses by kind and reason, and the limit on bad ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.core.errors import QualityError

_NAMED_REASONS = 3


@dataclass(frozen=True)
class ResponseAccount:
    """One kind's responses, superseded ones left out: rejected, or used without some field.

    `kind` is None for lines that don't say theirs. `reasons` counts responses by reason, such as
    `body.runtime: not a whole number`, the commonest first.
    """

    kind: str | None
    responses: int
    rejected: int
    incomplete: int
    reasons: dict[str, int]

    @property
    def text(self) -> str:
        """The counts in words, with the commonest reasons."""
        commonest = [f"{reason}: {count:,}" for reason, count in self.reasons.items()]
        return (
            f"{self.responses:,} responses on {self.kind or 'unknown'} titles,"
            f" {self.rejected:,} rejected, {self.incomplete:,} lost a field"
            + (f" ({'; '.join(commonest[:_NAMED_REASONS])})" if commonest else "")
        )


def account_for(responses: DataFrame) -> list[ResponseAccount]:
    """Count the parsed responses by kind."""
    counted = responses.where("newest OR reasons IS NOT NULL")
    is_rejected = F.col("reasons").isNotNull()
    counts = (
        counted.groupBy("kind")
        .agg(
            F.count("*").alias("responses"),
            F.count_if(is_rejected).alias("rejected"),
            F.count_if(~is_rejected & (F.size("lost") > 0)).alias("incomplete"),
        )
        .orderBy("kind")
        .collect()
    )
    any_bad = any(row["rejected"] or row["incomplete"] for row in counts)
    by_reason = _count_by_reason(counted) if any_bad else {}
    return [
        ResponseAccount(**row.asDict(), reasons=by_reason.get(row["kind"], {})) for row in counts
    ]


def check_responses(accounts: Sequence[ResponseAccount], max_bad_share: float) -> None:
    """`QualityError` where over that share of a kind's responses are rejected, or lost one field.

    Each field is counted on its own: one that is lost in all responses would empty a column, a few
    odd values here and there don't. One bad response always passes, or a single odd title would
    stop a small lake. Lines that don't say their kind are compared with all responses.
    """
    total = sum(account.responses for account in accounts)
    for account in accounts:
        worst = max(account.rejected, *account.reasons.values(), 0)
        if worst > max(1, max_bad_share * (account.responses if account.kind else total)):
            raise QualityError(
                f"TMDB: {account.text}: more than --max-bad-share {max_bad_share:g};"
                " nothing was published"
            )


def _count_by_reason(responses: DataFrame) -> dict[str | None, dict[str, int]]:
    """Responses by kind and reason; a reason's value, after the second colon, is left out."""
    reasons = F.concat(F.coalesce("reasons", F.array().cast("array<string>")), "lost")
    reasons_without_value = F.transform(reasons, lambda reason: F.substring_index(reason, ": ", 2))
    rows = (
        responses.select("kind", F.explode(F.array_distinct(reasons_without_value)).alias("reason"))
        .groupBy("kind", "reason")
        .count()
        .collect()
    )
    by_kind: dict[str | None, Counter[str]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], Counter())[row["reason"]] = row["count"]
    return {kind: dict(counter.most_common()) for kind, counter in by_kind.items()}
