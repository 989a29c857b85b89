"""All importers, by name; each module is imported when the first file is looked at."""

from __future__ import annotations

import importlib
from functools import cache

from provisioning.importers.importer import Importer

IMPORTERS: dict[str, str] = {
    "wechat-csv": "provisioning.importers.wechat_csv:WechatCsv",
    "wechat-json": "provisioning.importers.wechat_json:WechatJson",
    "qq": "provisioning.importers.qq:Qq",
    "whatsapp": "provisioning.importers.whatsapp:Whatsapp",
    "line": "provisioning.importers.line:Line",
    "telegram": "provisioning.importers.telegram:Telegram",
    "messenger": "provisioning.importers.messenger:Messenger",
    "imessage": "provisioning.importers.imessage:IMessage",
    "imessage-text": "provisioning.importers.imessage_text:IMessageText",
    "sms-xml": "provisioning.importers.sms_xml:SmsXml",
    "mail": "provisioning.importers.mail:Mail",
    "plain": "provisioning.importers.plain:Plain",
    "html": "provisioning.importers.html_page:HtmlPage",
    "word": "provisioning.importers.word:Word",
    "pdf": "provisioning.importers.pdf:Pdf",
}
"""Name -> "module:class"."""


@cache
def importers() -> dict[str, Importer]:
    """Every importer, made."""
    made: dict[str, Importer] = {}
    for name, place in IMPORTERS.items():
        module, _, factory = place.partition(":")
        made[name] = getattr(importlib.import_module(module), factory)()
    return made
