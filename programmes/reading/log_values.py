"""Owns what the values that a row of the log keeps are called, and how those that are no before and after are said."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

# The words of the theory's side that stand in a detail; a test compares them with that side's own.
VERDICTS = {
    "supported": gettext_lazy("Supported"),
    "partly_supported": gettext_lazy("Partly supported"),
    "refined": gettext_lazy("Refined"),
    "refuted": gettext_lazy("Refuted"),
    "not_tested": gettext_lazy("Not tested"),
    "new": gettext_lazy("New"),
    "reviewed": gettext_lazy("Reviewed without change"),
    "open": gettext_lazy("Open"),  # these four of rival explanations
    "one": gettext_lazy("One explains it better"),
    "both": gettext_lazy("Each holds in its own contexts"),
    "none": gettext_lazy("No explanation holds"),
}
ANSWERS = {
    "agree": gettext_lazy("Agree"),
    "agree_with_changes": gettext_lazy("Agree with changes"),
    "disagree": gettext_lazy("Disagree"),
    "abstain": gettext_lazy("Abstain"),
}


def told_of(detail: Mapping[str, Any]) -> tuple[str, str]:
    """(what a row without before and after says in a few words, the text that it keeps); "" for what it does not."""
    words = [
        str(known[detail[name]])
        for name, known in (("verdict", VERDICTS), ("answer", ANSWERS))
        if isinstance(detail.get(name), str) and detail[name] in known
    ]
    older, younger = _labels(detail.get("from")), _labels(detail.get("to"))
    if older and younger:
        words.append(f"{older} → {younger}")
    words += [_labels(detail[name]) for name in ("members", "decided", "cites", "marked") if _labels(detail.get(name))]
    text = next((detail[name] for name in ("title", "text", "name") if isinstance(detail.get(name), str)), "")
    return ", ".join(words), text


def _labels(value: Any) -> str:
    """Records by their labels; one, or several."""
    if isinstance(value, list):
        return ", ".join(one for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""
