"""Phones and e-mails that several records would have, where the table keeps them each to one."""

from app.importing.merging import Merge
from app.importing.run import Run


async def leave_shared(run: Run, merge: Merge, column: str, file: str, header: str) -> None:
    """Leave out, with a warning, what two incoming rows share or another record of the school has."""
    same = f"t.{column}_folded = lower(i.{column})" if column == "email" else f"t.{column} = i.{column}"
    await run.warn(
        "shared_contact",
        "several people have this one, and it is left out: it has to be a person's own",
        file,
        header,
        f"WITH shared AS (SELECT i.id, i.line, i.{column} AS value FROM"
        f" (SELECT *, count(*) OVER (PARTITION BY lower({column})) AS alike FROM {merge.incoming}"
        f" WHERE {column} IS NOT NULL) i WHERE i.alike > 1 OR EXISTS (SELECT FROM {merge.table} t"
        f" WHERE t.institution_id = :school AND {same} AND t.deleted_at IS NULL AND t.id <> i.id AND NOT EXISTS"
        f" (SELECT FROM {merge.incoming} j WHERE j.id = t.id AND j.{column} IS NOT NULL)))"
        f" UPDATE {merge.incoming} x SET {column} = NULL FROM shared s WHERE x.id = s.id RETURNING s.line, s.value",
    )
