"""What somebody asks a worklist for, cut to what they may see of it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from ruqi.adapters.postgres import lists, worklist
from ruqi.adapters.report.book import rule_says, treatment_name
from ruqi.adapters.report.words import Text, same
from ruqi.apps.console.opened import Opened, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import held
from ruqi.apps.web.words import both
from ruqi.primitives.errors import ensure
from ruqi.services.access import Right
from ruqi.services.compare_runs import former_run
from ruqi.services.held import Found, RunHead
from ruqi.services.worklist import ME, NOBODY, WorklistQuery, read_query


@dataclass(frozen=True)
class Asked:
    """A query over a run. `query` is what is looked for, `said` what the address says.

    Who may not see everybody's accounts looks for their own, whatever the address says.
    """

    run: Opened
    former: RunHead | None
    query: WorklistQuery
    said: WorklistQuery
    whole: bool
    context: dict[str, Any]

    def former_id(self) -> int | None:
        """The run before, where there is one."""
        return None if self.former is None else self.former.id

    def find(self, rows: int | None = None) -> Found:
        """One page of it, or its first `rows`."""
        return worklist.find(self.run.id, self.query, self.former_id(), rows)

    def address(self, **changes: Any) -> str:
        """The query with some changes, as an address says it."""
        return urlencode(self.said.parameters(**changes))

    def whose(self) -> str:
        """Whose list it is: a person's name, or nothing."""
        return "" if self.query.assigned == NOBODY else self.query.assigned


def asked(request: HttpRequest, run_id: int) -> Asked:
    """What this request asks for, by its address or by its form. Raises Http404: no such run."""
    run = opened(run_id)
    context = run_context(run)
    said = read_query(request.POST if request.method == "POST" else request.GET)
    name = request.user.get_username()
    whole = Right.WHOLE in held(request)
    if not whole:
        said = replace(said, assigned="")
    mine = not whole or said.assigned == ME
    query = replace(said, assigned=name) if mine else said
    return Asked(run, former_run(run_id, context["runs"]), query, said, whole, context)


def may_open(request: HttpRequest, run_id: int, borrower_id: str) -> bool:
    """Whether a borrower's accounts are open to who asks: all of them, or those of one's list."""
    if Right.WHOLE in held(request):
        return True
    return lists.opens(run_id, person_id(request), borrower_id)


def person_id(request: HttpRequest) -> int:
    """The id of who asks, and who has signed in: each page of the console needs that."""
    found = request.user.pk
    ensure(found is not None, "nobody has signed in")
    return int(found or 0)


def told(one: Asked) -> list[Text]:
    """The filter in words, a text for each part; none where nothing is filtered."""
    query, book = one.said, one.run.book
    parts: list[tuple[str, Text | str]] = [
        ("bucket", book.bucket(query.bucket) if query.bucket else ""),
        ("treatment", treatment_name(query.treatment) if query.treatment else ""),
        ("contact", both(f"worklist.{query.contact}") if query.contact else ""),
        ("rule", rule_says(query.rule) if query.rule else ""),
        ("from", f"{query.least:,}" if query.least is not None else ""),
        ("find", query.find),
        ("assigned", person_told(query.assigned) if query.assigned else ""),
        ("change", both(f"since.{query.change}") if query.change else ""),
    ]
    return [_is(both(f"worklist.{name}"), value) for name, value in parts if value]


def _is(name: Text, value: Text | str) -> Text:
    text = value if isinstance(value, Text) else same(value)
    return Text(f"{name.en}: {text.en}", f"{name.zh}：{text.zh}")


def person_told(name: str | None) -> Text:
    """A person's name as it is shown; words for nobody and for oneself."""
    if name in (None, NOBODY):
        return both("assign.nobody")
    return both("assign.me") if name == ME else same(name)
