"""What the SQL shell opens with: the marts, what each is of, and questions to begin with."""

from collections.abc import Iterator

from expectations.questions import Question, load_questions
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.queries import named_in
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.stored import stored_tables

_EXAMPLES = 5


def opening() -> Iterator[str]:
    """Lines: each mart with the first line of its description, in Chinese, and a question of each of some themes."""
    marts = stored_tables(*lake_filesystem(settings()), "marts")
    try:
        models = Models.of_last_build()
    except LakeError as error:
        yield f"no marts yet: {error.next_step}"
        return
    width = max(map(len, marts), default=0)
    for mart in marts:
        described = models.described(mart)
        yield f"marts.{mart:{width}}  {described.text.partition(chr(10))[0] if described else ''}".rstrip()
    for example in _examples(frozenset(f"marts.{mart}" for mart in marts)):
        yield ""
        yield f"-- {example.question}"
        yield f"{' '.join(example.query.split())};"


def _examples(tables: frozenset[str]) -> list[Question]:
    """The first question of each theme that these tables answer."""
    found: dict[str, Question] = {}
    for question in load_questions():
        if named_in(question.query).tables <= tables:
            found.setdefault(question.theme, question)
    return list(found.values())[:_EXAMPLES]
