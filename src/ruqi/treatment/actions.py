"""What may be done about one account today, gentlest first; the index is the order of gentleness.

`wait` is always among them: deliberately doing nothing (静默) is a treatment too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One treatment: its names, the channel that the guard judges, and what it may use up.

    `channel` None reaches nobody: waiting, and work on the file. `verb` stands in sentences.
    """

    id: str
    name_en: str
    name_zh: str
    verb_en: str
    verb_zh: str
    channel: str | None


ACTIONS: tuple[Action, ...] = (
    Action("wait", "wait", "静默", "waiting", "静默等待", None),
    Action("in_app", "in-app note", "站内消息", "a note in the app", "站内消息提醒", "app"),
    Action("sms", "text message", "短信", "a text message", "短信提醒", "sms"),
    Action("email", "e-mail", "电子邮件", "an e-mail", "电子邮件提醒", "email"),
    Action("call", "call", "人工电话", "a call", "人工致电", "call"),
    Action(
        "hardship_offer",
        "hardship offer",
        "纾困协商",
        "a call that offers hardship help",
        "致电协商纾困方案",
        "call",
    ),
    Action("legal_review", "legal review", "法务审阅", "a legal review", "转法务审阅", None),
)
IDS: tuple[str, ...] = tuple(action.id for action in ACTIONS)
WAIT = 0
CHANNELS: tuple[str, ...] = tuple(
    dict.fromkeys(action.channel for action in ACTIONS if action.channel is not None)
)


@dataclass(frozen=True)
class Resource:
    """Something that a day has only so much of; `use` names the treatments' column."""

    id: str
    unit: str
    name_en: str
    name_zh: str


RESOURCES: tuple[Resource, ...] = (
    Resource("agent_minutes", "minutes", "agent minutes", "坐席分钟"),
    Resource("sms", "messages", "text messages", "短信条数"),
    Resource("hardship_slots", "cases", "hardship cases", "纾困名额"),
    Resource("legal_slots", "cases", "legal reviews", "法务审阅名额"),
)


def action(name: str) -> Action:
    """The treatment with this id. Raises ValueError where there is none."""
    return ACTIONS[IDS.index(name)]
