"""Write the pages of the themes."""

from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import out, working


def add_to(app: typer.Typer) -> None:
    """Add pages."""
    app.command()(pages)


def pages(
    to: Annotated[Path | None, typer.Option(metavar="FOLDER", help="by default pages below the lake home")] = None,
    theme: Annotated[str | None, typer.Option(metavar="THEME", help="of this one alone, without the index")] = None,
) -> None:
    """Write a page for each theme of the warehouse: its figures with trend, counties, definition, origin and SQL."""
    from spark_jobs.ask.pages.writing import INDEX, chosen, write

    with working("asking the warehouse"):
        written = write(chosen(theme), to, with_index=theme is None)
    for each in written:
        holes = f"数据缺口 {each.holes} 处" if each.holes else "未发现数据缺口"
        out.print(f"{each.page.title}: {each.path}（{holes}）", highlight=False, soft_wrap=True)
    if theme is None:
        out.print(f"pages: {written[0].path.with_name(INDEX)}", highlight=False, soft_wrap=True)
    failures = [failure for each in written for failure in each.failures]
    if failures:
        raise LakeError(
            f"{len(failures)} figures could not be counted, and their pages say so: {'; '.join(failures)}",
            "correct their page.yml, or build their models: lake warehouse build",
        )
