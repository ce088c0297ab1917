"""Wordings of the frame that old sites put around a text, gathered from how such sites speak to readers."""

from __future__ import annotations

import re

LABEL = re.compile(
    r"^(?:"
    r"(?:(?:the|our|see|view|read|browse|explore|more|all|from)\s+)*"
    r"(?:latest|recent|related|recommended|popular|featured|trending|newest|further|next|previous|more|similar"
    r"|most\s+read|top)\s+"
    r"(?:\w+\s+){0,2}(?:articles?|posts?|stories|reading|reads|essays?|topics?|news|content|entries|pieces|insights|courses|events"
    r"|guides|updates|from\b.*|in\b.*|on\b.*|like\b.*)"
    r"|(?:more|latest|new)\s+(?:from|in|on|about)\b.*"
    r"|(?:you\s+(?:may|might|could|will)\s+(?:also\s+)?(?:like|enjoy|be\s+interested).*)"
    r"|(?:read|up|coming)\s+(?:next|more|on)|keep\s+(?:reading|exploring|learning|going)|continue\s+(?:reading|exploring)|view\s+all.*|see\s+all.*"
    r"|load\s+more.*|show\s+more.*|back\s+to\s+(?:top|all|the).*|browse\s+(?:all|by|more|the).*"
    r"|explore\s+(?:more|all|other|by|our).*"
    r"|share(?:\s+(?:this|on|the|via|it)\b.*)?|follow(?:\s+(?:us|me|along|on)\b.*)?|connect\s+with\s+(?:us|me).*"
    r"|subscribe.*|sign\s+up.*|stay\s+(?:informed|connected|updated|in\s+touch|in\s+the\s+loop|up\s+to\s+date|sharp).*"
    r"|join\s+(?:us|our|the|over|more|thousands|\d).*|get\s+(?:the|our|new|it|weekly|more|updates).*(?:brief|letter"
    r"|newsletter|inbox|updates|articles|e-?mail|week).*"
    r"|(?:our|the|a|weekly|free|monthly|daily)?\s*newsletter.*|.*\b(?:in|to)\s+your\s+inbox.*|never\s+miss.*"
    r"|don[’']t\s+miss.*"
    r"|(?:leave\s+a\s+)?(?:comments?|reply)(?:\s*\(\d+\))?|\d+\s+comments?|tags|tagged|categories|filed\s+under.*"
    r"|topics"
    r"|about\s+(?:the\s+)?(?:author|us|this\s+site).*|(?:written|posted|published)\s+(?:by|on|in)\b.*"
    r"|(?:©|\(c\)|copyright)\s*.*|all\s+rights\s+reserved.*|privacy(?:\s+policy)?.*|terms(?:\s+(?:of|and|&).*)?"
    r"|(?:tags?|tagged|topics|categories|category|filed\s+under|posted\s+in)\s*:.*"
    r"|(?:we|this\s+(?:web)?site)\s+uses?\s+cookies.*|by\s+using\s+this\s+(?:web)?site.*|accept(?:\s+(?:all|cookies).*)?"
    r"|manage\s+(?:preferences|cookies|consent|settings).*|powered\s+by\b.*|was\s+this\s+(?:page|article|post)\b.*"
    r"|thanks?\s+(?:you\s+)?for\s+reading.*|if\s+you\s+(?:enjoyed|liked)\s+this\b.*|(?:older|newer)\s+(?:posts?|entries)"
    r"|(?:previous|prev|next|up\s+next|read\s+next)\s*:\s*\S.*"
    r"|(?:previous|next)(?:\s+(?:post|article|story|page|up))?|watch\s+next|listen\s+(?:on|to)\b.*|become\s+a\s+member.*"
    r"|(?:support|donate)(?:\s+(?:us|to|our|the)\b.*)?|join\s+(?:the\s+)?(?:conversation|discussion|community).*"
    r"|(?:fresh|new|just\s+in)\s+from\b.*|(?:recently|just)\s+(?:published|added|posted)|(?:popular|trending)(?:\s+(?:this|now|on)\b.*)?"
    r"|(?:editors?[’']?s?|staff|our)\s+(?:picks?|choice|favou?rites)|in\s+this\s+(?:section|series|issue|topic|category)"
    r"|what\s+to\s+read\s+next.*|keep\s+in\s+touch|stay\s+curious|enjoy(?:ed|ing)?\s+(?:this|what)\b.*|want\s+more\b.*"
    r"|discover\s+(?:more|our|other)\b.*|discover|all\s+(?:articles|topics|posts|essays|stories)|archives?|glossary|sitemap"
    r"|(?:our|the)\s+latest(?:\s+\w+){0,2}|(?:[«←‹<]+\s*)(?:older|previous|back|newer|next|prev|all)\b.*|recommended.*"
    r"|cookies?(?:\s+.*)?|contact(?:\s+us)?|home|menu|search|log\s*in|advertisement|sponsored|print(?:\s+this.*)?"
    r")\s*[:.…»›→!]*$",
    re.IGNORECASE,
)
BLURB = re.compile(
    r"\b(?:newsletter|subscri|inbox|unsubscribe|sign\s+up|weekly|fortnightly|monthly|every\s+(?:week|month|morning|day"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|each\s+(?:week|month|morning|issue"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|no\s+spam|join\s+[\d,.]+|delivered|direct\s+from|straight\s+to"
    r"|our\s+editors|our\s+readers|our\s+team|letter|digest|brief(?:ing)?|bulletin|dispatch|e-?mail"
    r"|privacy\s+policy|all\s+rights\s+reserved|©|cookies?|read\s+more|min(?:ute)?s?\s+read|free\s+of\s+charge"
    r"|one\s+short|in\s+five\s+minutes|follow\s+us)",
    re.IGNORECASE,
)
CONTENT = re.compile(
    r"^(?:references?|sources?\b.*|bibliography|literature(?:\s+cited)?|notes?|footnotes|works\s+cited|glossary"
    r"|conclusions?\b.*|summary\b.*|key\s+(?:take\s*aways?|points|facts|terms)\b.*|acknowledge?ments?"
    r"|further\s+reading|faqs?\b.*|frequently\s+asked.*|appendix\b.*|review\s+questions?.*|exercises?)\s*:?$",
    re.IGNORECASE,
)
HEAD = re.compile(
    r"^(?:home(?:\s*[>›»/|].*)?|[^.]{1,60}(?:\s+[>›»]\s+[^.]{1,60})+|[^.!?|]{1,30}(?:\s+\|\s+[^.!?|]{1,30})+"
    r"|(?:(?:reading|read)\s+time\s*:?\s*|estimated\s+)?\d+\s*-?\s*min(?:ute)?s?\.?(?:\s+(?:read|to\s+read))?"
    r"|share(?:\s+this.*)?|skip\s+to\s+(?:main\s+)?content|menu|topics?|tags?|back\s+to\s+.*|all\s+topics|search)$",
    re.IGNORECASE,
)
SOURCE = re.compile(
    r"^(?:sources?|adapted|based|from|after|compiled|see|cf|notes?|correction|references?|text|data|definition)\b",
    re.IGNORECASE,
)
"""How a line begins that names where a text comes from."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:{_DAY}\s+{_MONTH}\.?,?\s+\d{{4}}|{_MONTH}\.?\s+{_DAY},?\s+\d{{4}}|\d{{4}}-\d\d-\d\d)"
_CAPITAL = "[A-ZÀ-Þ]"
_PERSON = rf"(?:Dr\.?\s+|Prof\.?\s+)?{_CAPITAL}[\w'’.-]+(?:\s+{_CAPITAL}[\w'’.-]*){{1,3}}"


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_MADE_BY = _any(
    r"^(?:(?:medically|clinically|scientifically|fact[- ]?)\s*)?"
    r"(?:reviewed|checked|authored|written|edited|posted|published|updated|photographed|illustrated|translated"
    r"|produced|words|text|photos?|images?)\s+by\b\s*:?.{1,80}$",
    r"^(?:page\s+|content\s+)?(?:last|next)\s+(?:medically\s+)?"
    r"(?:review(?:ed)?|updated?|modified|edited|checked)\b.{0,60}$",
    r"^(?:first|originally|date)\s+(?:published|posted|created)\b.{0,80}$",
    r"^published\s*:?\s+\S.{0,60}\d{4}.{0,30}$",
    r"^(?:image|photo|picture|cover|illustration)s?\s+(?:credits?|by|courtesy)\b.{0,100}$",
    r"^media\s+contact\b.{0,100}$",
    r"\b(?:originally|first)\s+(?:published|appeared)\s+(?:in|on|at)\b",
    r"\b(?:republished|reprinted)\s+(?:here|with|under|from|by)\b",
)
"""Who made the page, and when."""
_LEGAL = _any(
    r"\bdisclaimer\b|\ball\s+rights\s+reserved\b|©|\bcreative\s+commons\b",
    r"\b(?:information(?:al)?|educational)\s+(?:purposes\s+)?only\b|\bmedical\s+advice\b",
    r"\bcookies?\s+(?:to|policy|settings|and)\b|\buses?\s+cookies\b|\bcontinuing\s+to\s+(?:browse|use)\b",
    r"^(?:registered\s+)?(?:charity|company|issn|isbn|doi)\b.{0,60}\d",
)
"""What lawyers and registrars ask for."""
_ASKED = _any(
    r"\b(?:(?:was|is)|found)\s+this\b.{0,40}\b(?:helpful|useful)\b|\bbuy\s+(?:me|us)\s+a\s+coffee\b|☕",
    r"\bcomments?\s+(?:are|is|have\s+been)\s+(?:closed|off|disabled|moderated)\b|\bdiscussion\s+about\s+this\b",
    r"\be-?mail\s+address\s+will\s+not\b|^(?:type\s+|enter\s+)?your\s+(?:e-?mail|name|comment)\b.{0,40}$",
    r"\b(?:become\s+a|for)\s+(?:paid\s+|free\s+)?(?:subscriber|member|supporter|friend|patron)s?\b",
    r"\bthanks?\s+(?:you\s+)?for\s+reading\b|\bhelpline\b|\bcall\s+or\s+text\b",
    r"\b(?:donate|subscribe|sign\s+up|register|unsubscribe)\s+(?:now|today|here|for\s+free|below|at\s+any\s+time)\b",
    r"\bstory\s+idea\b|\bwrite\s+to\s+(?:the\s+editors?|us)\b|\bget\s+in\s+touch\b",
    r"^(?:edit|report|suggest|flag|cite|reuse|republish|print|download|save|bookmark|copy|export|e-?mail|tweet|pin"
    r"|like|love|donate|support|give|reply|comment|rate)\b[^.!?]{0,60}$",
    r"^(?:back|return)\s+to\b[^.!?]{0,40}$|^(?:click|tap)\s+(?:here|to)\b.{0,80}$",
    r"\bfollow\s+\w+\s+on\s+\w+",
    r"\b(?:on|via)\s+(?:twitter|facebook|linkedin|instagram|bluesky|mastodon|youtube|whatsapp|reddit|threads)\b",
)
"""What readers are asked to do, to say and to give."""
_WAYS = _any(
    r"^\W*\d[\d,.]*k?\s+(?:likes?|comments?|restacks?|shares?|views?|claps?|responses?|followers|replies|reads"
    r"|downloads|citations)\b",
    r"^[♡♥❤👍👏🔗📧🖨☆★]|^[«‹←◀<]\s*\S.{0,80}$|^\S.{0,80}[»›→▶]$",
    r"^(?:powered|built|made|hosted|designed)\s+(?:by|with|on|in)\b.{0,60}$",
    r"^\d\d?:\d\d(?::\d\d)?\s*/\s*\d\d?:\d\d(?::\d\d)?$|^page\s+\d+\s+of\s+\d+$|^listen\s+to\s+this\b.{0,40}$",
    r"^[^.!?|]{1,30}(?:\s+[|·•]\s+[^.!?|]{1,60}){2,}$|^[^.!?|]{1,20}(?:\s+\|\s+[^.!?|]{1,30})+$",
    r"\b\S+@\S+\.\w{2,}\b|^(?:https?://|www\.)\S+$|^@\w+$",
    r"^(?:tel|phone|fax|e-?mail|address|contact)\s*:.{1,80}$|^(?:glossary|site|page)\s+(?:home|index|map|top)$",
)
"""Counts of reactions, ways to other pages, and addresses."""
_DATE_LINE = re.compile(
    r"^(?:(?:(?:last\s+)?(?:published|posted|updated|reviewed)|on|date)\s*:?\s+)?"
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\.?,?\s+)?{_DATE}(?:\W.{{0,40}})?$",
    re.IGNORECASE,
)
_ENDS_IN_DATE = re.compile(rf"\b{_DATE}$", re.IGNORECASE)
_BYLINE = re.compile(
    rf"^(?i:by)\s+{_CAPITAL}[\w'’.-]+(?:\s+(?:and\s+)?{_CAPITAL}[\w'’.-]*){{0,6}}(?:\s*[|,·•–—-]\s*\S.{{0,60}})?$"
)
_NAME = re.compile(rf"^{_PERSON}(?:,\s+[A-Z]\w*)*$")
_BIO = re.compile(
    rf"^{_PERSON},?\s+(?:is\s+(?:an?|the)|writes|teaches|lives|works|covers|reports|studies|edits|has\s+written)\b"
)


def is_frame(text: str) -> bool:
    """Whether a line is of the site's frame by its words, wherever it stands."""
    if len(text) > 260:
        return False
    found = any(pattern.search(text) for pattern in (_MADE_BY, _LEGAL, _ASKED, _WAYS))
    return found or _DATE_LINE.match(text) is not None


_BAR = _any(
    r"^\S[^.!?]*(?:\s{2,}\S[^.!?]*){2,}$|^[^.!?]{1,40}(?:\s+[·•|]\s+[^!?]{1,40})+$|^[^.!?/]{2,40}(?:\s/\s[^.!?/]{2,40})+$",
    r"^view\b.{0,40}\bin\s+(?:your|a)\s+browser\b.{0,20}$|^(?:no|nos|nr|issue|vol|volume|number|edition)\.?\s*\d+(?:\s*[·•|,–—-].{0,40})?$",
    r"^listen\s+to\s+this\b.{0,40}$|^(?:share|save|cite|print)(?:\W+(?:share|save|cite|print|e-?mail))+$",
)
_INSTITUTION = _any(
    r"\b(?:institute|university|department|faculty|museum)\s+(?:of|for)\b|\b(?:university|hospital|foundation|museum"
    r"|institute|laboratory|hospital\s+trust|nhs\s+trust)$",
)


def is_bar(text: str) -> bool:
    """Whether a line above a title is a bar of a site's sections or buttons, or the number of an issue."""
    return len(text) <= 100 and _BAR.search(text) is not None


def is_name_of_site(text: str) -> bool:
    """Whether a line may name a site: an institution, or words in capitals."""
    in_capitals = text.isupper() and len(text.split()) > 1
    return len(text) <= 100 and (in_capitals or _INSTITUTION.search(text) is not None)


def is_date_or_byline(text: str) -> bool:
    """Whether a line says when a text was published or who wrote it."""
    return any(pattern.match(text) for pattern in (_DATE_LINE, _BYLINE))


def ends_in_date(text: str) -> bool:
    """Whether a line ends in a day, as the first line of a letter does."""
    return _ENDS_IN_DATE.search(text) is not None


def is_name_before_date(text: str, after: str) -> bool:
    """Whether a line is the name of an author, as the date below it says."""
    return len(text) <= 60 and bool(_NAME.match(text)) and bool(_DATE_LINE.match(after))


def is_about_the_author(text: str, after: str) -> bool:
    """Whether a line is a person's name, or a sentence about that person, in a box at the end."""
    return bool((_NAME.match(text) and after.startswith(text)) or (len(text) <= 260 and _BIO.match(text)))
