"""Owns the configurations of the bench, made over the API as a script would make them."""

import json
from typing import Any
from urllib.request import Request, urlopen

from bench.servers import App

CONFIGURATIONS = 100  # of three elements each, with two outcomes of earlier ones as contexts: 300 nodes, 600 edges


def _post(app: App, path: str, body: Any) -> Any:
    headers = {**app.token, "Content-Type": "application/json"}
    asked = Request(f"http://127.0.0.1:{app.port}{app.api}/{path}", json.dumps(body).encode(), headers)
    with urlopen(asked, timeout=60) as answer:
        return json.load(answer)


def fill(app: App) -> tuple[int, int]:
    """Make the configurations; (nodes, edges) of the map then."""
    outcomes: list[str] = []
    for at in range(CONFIGURATIONS):
        earlier = [outcomes[at - step] for step in ((1, 4, 9) if at % 10 == 9 else (1, 4)) if at >= step]
        placed = [
            {"role": "context", "text": f"The team of case {at} meets every week and has time to talk"},
            *({"role": "context", "element": label} for label in dict.fromkeys(earlier)),
            {"role": "mechanism", "text": f"They see what the guidance changes in case {at}"},
            {"role": "outcome", "text": f"Practitioners take it up in case {at}"},
        ]
        made = _post(app, "configurations/", {"elements": placed})
        outcomes.append(next(one["element"] for one in made["elements"] if one["role"] == "outcome"))
    with urlopen(Request(f"http://127.0.0.1:{app.port}{app.api}/map/", headers=app.token), timeout=60) as answer:
        said = json.load(answer)
    return len(said["nodes"]), len(said["edges"])
