"""The account page: what happened, what is done and why, and what bars contact, with sources."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import dealings, shelf
from ruqi.adapters.postgres.dealings import Dealt
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Pair, Table, figure, row_head
from ruqi.adapters.report.book import bucket_order, rule_says, treatment_name
from ruqi.adapters.report.draw import charts, draw
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, pair, same
from ruqi.apps.console.account_dealings import contact_blocks, payment_blocks
from ruqi.apps.console.account_history import history_blocks
from ruqi.apps.console.account_known import known_blocks
from ruqi.apps.console.asked import may_open
from ruqi.apps.console.opened import Drawn, Opened, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import both, told, tongue
from ruqi.services.access import Right
from ruqi.services.digits import digits
from ruqi.services.show_account import AccountPage, show_account
from ruqi.services.worklist import masked

PAGES_MOST = 10**6
DRAWER = 500  # where the numbers of tables begin in a drawer, beside those of its page
Row = Mapping[str, Any]


@needs(Right.ACCOUNT)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """One account of a run."""
    run = opened(run_id)
    account_id = request.GET.get("id", "").replace("\0", "")
    page = show_account(run_id, account_id, run.view, shelf)
    if page is None or not may_open(request, run_id, page.story["borrower_id"]):
        raise Http404
    drawer = "part" in request.GET
    dealt = _dealt(request, run_id, page)
    sections = _sections(run, page, dealt)
    definitions = reverse("definitions", kwargs={"run_id": run_id})
    parts, tables = [], DRAWER if drawer else 0
    for name, title, blocks in sections:
        shown = [_without_chart(block) for block in blocks] if drawer else blocks
        html = draw(shown, tongue(), definitions, tables)
        tables += html.count('id="table-')
        if name in dealt:
            html += _pages(request, name, dealt)
        parts.append(Drawn(name, title, html))
    context = _facts(run, page) | {"parts": parts, "run_id": run_id}
    context["title"] = told("account.title", account=account_id)
    if drawer:
        context["page_at"] = f"{request.path}?{urlencode({'id': account_id})}"
        return render(request, "console/account_part.html", context)
    context |= run_context(run)
    context["charts"] = charts([block for _, _, blocks in sections for block in blocks])
    return render(request, "console/account.html", context)


def _dealt(request: HttpRequest, run_id: int, page: AccountPage) -> dict[str, Dealt]:
    """Payments and contacts: the newest few, or the page of all that the address names."""
    story = page.story
    return {
        "payments": dealings.payments(run_id, story["account_id"], _page(request, "payments")),
        "contacts": dealings.contacts(run_id, story["borrower_id"], _page(request, "contacts")),
    }


def _page(request: HttpRequest, name: str) -> int | None:
    """The page that the address asks for; None where it asks for the newest few."""
    asked = digits(request.GET.get(name, ""), PAGES_MOST)
    return None if asked is None else max(asked, 1)


def _pages(request: HttpRequest, name: str, dealt: Mapping[str, Dealt]) -> SafeString:
    """What leads to all rows of a part, to their other pages, and back to the newest few."""
    one = dealt[name]
    if one.total <= dealings.FIRST:
        return SafeString("")
    own = {"id": request.GET["id"]} | {n: d.page for n, d in dealt.items() if d.page is not None}

    def address(page: int | None) -> str:
        asked = {key: value for key, value in own.items() if key != name}
        return f"{request.path}?{urlencode(asked | ({name: page} if page else {}))}#{name}"

    at, last = one.page, one.pages
    context = {
        "all": address(1) if at is None else "",
        "total": numbers.count(one.total),
        "few": address(None),
        "before": address(at - 1) if at is not None and at > 1 else "",
        "after": address(at + 1) if at is not None and at < last else "",
        "page": at,
        "pages": last,
        "first": dealings.FIRST,
    }
    return render_to_string("console/account_pages.html", context)


def _without_chart(block: Any) -> Any:
    """In the drawer a chart's table stands alone."""
    return block.table if isinstance(block, Pair) else block


def _facts(run: Opened, page: AccountPage) -> dict[str, Any]:
    story, score = page.story, page.story["score"]
    order = bucket_order(run.view)
    bucket = story["bucket"]
    small = both("account.chance_says", target=pair(score.get("target") or {}, "says"))
    if score["chance_is_prior"]:
        small += both("account.prior")
    elif not score["calibrated"]:
        small += both("account.uncalibrated")
    amount = numbers.money(story["balance_minor"], run.book.currency)
    mark = numbers.symbol(run.book.currency)
    return {
        "bucket": run.book.bucket(bucket),
        "rank": min(order.index(bucket), 5) if bucket in order else 0,
        "balance": Text(mark.en + amount, mark.zh + amount),
        "treatment": treatment_name(story["treatment"]),
        "eligible": story["eligible"],
        "chance": numbers.percent(score["chance"]),
        "chance_small": small if score["chance"] is not None else NOTHING,
        "borrower": masked(story["borrower_id"]),
        "made_by": both(
            "account.made_by",
            policy=story["policy_version"],
            pack=story["pack_version"],
            day=numbers.long_day(story["as_of"]),
        ),
    }


def _sections(
    run: Opened, page: AccountPage, dealt: Mapping[str, Dealt]
) -> list[tuple[str, str, list[Any]]]:
    payments, contacts = dealt["payments"], dealt["contacts"]
    given = (
        ("why", _why(page.story)),
        ("bars", _bars(page.story)),
        ("options", _options(run, page.story)),
        ("score", _score(page.story["score"])),
        ("history", history_blocks(run, page.history)),
        ("payments", payment_blocks(run, payments, page.history)),
        ("contacts", contact_blocks(run, page.story["borrower_id"], contacts)),
        ("known", known_blocks(run, page.story, payments.last, contacts.last)),
        ("others", _others(run, page.others)),
    )
    return [(name, told(f"account.{name}"), blocks) for name, blocks in given if blocks]


def _why(story: Row) -> list[Any]:
    changes = [Note(pair(one, "says")) for one in story["what_would_change_it"]]
    blocks: list[Any] = [Note(pair(story, "reason"), "lead")]
    if changes:
        blocks += [Note(both("account.change")), *changes]
    return [*blocks, Note(pair(story, "priors_note"))]


def _bars(story: Row) -> list[Any]:
    if not story["bars"]:
        return [Note(both("account.no_bars"))]
    rows = [
        [
            row_head(bar["rule"]),
            Cell(rule_says(bar["rule"]), "wrap"),
            Cell(name_of("force", str(bar.get("force") or ""))),
            Cell(same(bar.get("source") or "–"), "code soft"),
        ]
        for bar in story["bars"]
    ]
    heads = [Column(both(f"account.{word}")) for word in ("rule", "rule_says", "force", "source")]
    return [Table(both("account.bars"), heads, rows, "plan_bars", "sample")]


def _options(run: Opened, story: Row) -> list[Any]:
    steps = story["treatments"]
    if not steps:
        return [Note(both("account.no_options"))]
    currency = run.book.currency
    rows = [
        [
            row_head(treatment_name(step["treatment"])),
            figure(numbers.money(step["value_minor"], currency)),
            figure(numbers.money(step["cost_minor"], currency)),
            figure(numbers.money(round(step["value_after_rent_minor"]), currency)),
            Cell(_verdict(step), "wrap"),
        ]
        for step in steps
    ]
    mark = numbers.mark(run.book.currency)
    heads = [Column(both("account.option"))]
    heads += [
        Column(both(f"account.{one}", currency=mark), True) for one in ("worth", "cost", "rent")
    ]
    heads.append(Column(both("account.verdict")))
    return [Table(both("account.options"), heads, rows, "plan_value", "sample")]


def _verdict(step: Row) -> Text:
    if step["chosen"]:
        return both("account.chosen")
    if step["bars"]:
        rules = listed([rule_says(bar["rule"]) for bar in step["bars"]])
        return both("account.barred_by", rules=rules)
    if step["same_borrower"] and not step["open"]:
        return both("account.other_account")
    return same("–")


def _score(score: Row) -> list[Any]:
    families = score.get("families") or []
    if not families:
        return [Note(both("account.prior"))] if score.get("chance_is_prior") else []
    most = max(abs(one["contribution"]) for one in families) or 1.0
    rows = [
        [
            row_head(pair(one, "name")),
            Cell(both("account.raises" if one["contribution"] > 0 else "account.lowers")),
            Cell(same(_signed(one["contribution"])), "n", bar=abs(one["contribution"]) / most),
        ]
        for one in families
    ]
    heads = [
        Column(both("account.family")),
        Column(NOTHING),
        Column(both("account.contribution"), True),
    ]
    interval = numbers.span(score.get("low"), score.get("high"))
    foot = both("account.score_foot")
    if interval:
        foot = both("account.between", interval=interval) + foot
    return [Table(both("account.score"), heads, rows, "score_quality", "narrow", foot)]


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _others(run: Opened, others: Sequence[Row]) -> list[Any]:
    if not others:
        return []
    address = reverse("account", kwargs={"run_id": run.id})
    rows = [
        [
            Cell(same(one["account_id"]), link=f"{address}?{urlencode({'id': one['account_id']})}"),
            Cell(run.book.bucket(one["bucket"])),
            figure(numbers.money(one["balance_minor"], run.book.currency)),
            Cell(treatment_name(one["treatment"])),
        ]
        for one in others
    ]
    heads = [
        Column(both("worklist.account")),
        Column(both("account.bucket")),
        Column(both("account.balance_head", currency=numbers.mark(run.book.currency)), True),
        Column(both("account.treatment")),
    ]
    return [Table(both("account.others"), heads, rows)]
