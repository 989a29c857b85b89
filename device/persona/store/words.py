"""What a family is told about what came of a file, in English and Chinese."""

from __future__ import annotations

from device.persona.store.outcome import Outcome


def outcome_told(outcome: Outcome) -> tuple[str, str]:
    """(English, Chinese), one or two sentences."""
    en, zh = _happened(outcome)
    if outcome.family_code:
        code = outcome.family_code
        en += f" This frame belongs to your family now; the tool at home shows the same code: {code}."
        zh += f"这台相框现在属于您的家人，家里的工具应显示同样的号码：{code}。"
    return en, zh


def _happened(outcome: Outcome) -> tuple[str, str]:
    name = outcome.name
    match outcome.did:
        case "installed":
            return f"{name} has arrived.", f"{name}到了。"
        case "already here":
            return f"{name} is here already.", f"{name}已经在这里了。"
        case "paired":
            return "Paired.", "配对好了。"
        case "owners changed":
            return "The family's keys were renewed.", "家人的钥匙已经更新。"
        case "revoked" if outcome.left:
            return (
                f"{name} was removed, but {len(outcome.left)} things are left: {', '.join(outcome.left)}.",
                f"{name}已经删除，但还剩下{len(outcome.left)}样：{'、'.join(outcome.left)}。",
            )
        case "revoked":
            packs = len(outcome.removed)
            return (
                f"{name} was removed at the family's wish: {packs} pack(s) and the key. Nothing is left here.",
                f"按家人的意愿，{name}已经删除：{packs}个人物包和它的钥匙，相框里什么都没有留下。",
            )
        case _:
            return (
                "There was nothing here to remove; it cannot come back either.",
                "这里本来就没有，以后也不能再放进来。",
            )
