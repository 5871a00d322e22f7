"""Claims about the source itself, beside the import contracts: what a reader may rely on in every file."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
APPS = ("realist_eval", "programmes", "cmo")
LONGEST = 400


def source(*suffixes: str, under: tuple[str, ...]) -> list[Path]:
    found = [path for folder in under for suffix in suffixes for path in (HERE / folder).rglob(f"*{suffix}")]
    return sorted(path for path in found if not {"migrations", "vendor", "__pycache__", "out"} & set(path.parts))


MODULES = source(".py", under=(*APPS, "tests", "bench"))
TEMPLATES = source(".html", ".txt", under=("templates",))
SERVED = source(".css", ".js", ".svg", under=("static",))


def shown(paths: object) -> list[str]:
    return [str(path.relative_to(HERE)) for path in paths]  # type: ignore[attr-defined]


def test_there_is_something_to_read():
    assert len(MODULES) > 50
    assert len(TEMPLATES) > 5
    assert len(SERVED) > 5


def test_every_module_says_what_it_owns():
    silent = [path for path in MODULES if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))]
    assert shown(silent) == []


def test_no_file_is_longer_than_can_be_read():
    long = [path for path in (*MODULES, *TEMPLATES, *SERVED) if len(path.read_text().splitlines()) > LONGEST]
    assert shown(long) == []


# ---- doors change nothing by themselves


ALWAYS = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ON_ROWS = {"update", "delete"}  # dictionaries and caches have these too


def _writes(path: Path) -> list[str]:
    """Calls in a door that write to the database past a rule. The slot of `once` is filled by the doors' two bases."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    methods = [(ast.unparse(call.value), call.attr, call.lineno) for call in calls if isinstance(call, ast.Attribute)]
    return [
        f"{path.relative_to(HERE)}:{line} {on}.{method}"
        for on, method, line in methods
        if (method in ALWAYS and on != "slot") or (method in ON_ROWS and re.search(r"objects|filter\(|all\(", on))
    ]


def test_pages_and_api_write_through_rules_alone():
    doors = [path for path in MODULES if {"views", "api"} & set(path.parts)]
    assert len(doors) > 5
    assert [line for path in doors for line in _writes(path)] == []


def test_no_model_hides_work_in_its_save():
    models = [path for path in MODULES if "models" in path.parts]
    hidden = [
        f"{path.name}: {node.name}"
        for path in models
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean"}
    ]
    assert hidden == []


# ---- pages work under a strict policy and ask nobody else

HANDLER = re.compile(r"""<[a-zA-Z][^>]*\s(on[a-z]+|style|hx-on[\w:.-]*)\s*=""")
INLINE = re.compile(r"""<style\b|<script\b(?![^>]*\b(?:src|type="application/json")\s*=?)|javascript:""")
STRANGER = re.compile(r"""https?://[^\s"'<>)]+""")
KNOWN = ("http://www.w3.org/",)  # names of XML vocabularies, which nothing fetches


def _uncommented(path: Path) -> str:
    """A template without what stands in its comments, which no browser gets to see."""
    text = path.read_text()
    text = re.sub(r"{% comment.*?%}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("pattern", [HANDLER, INLINE], ids=["handlers and styles", "scripts and style sheets"])
def test_no_template_has_inline_code(pattern):
    found = [
        f"{path.relative_to(HERE)}: {hit.group()[:80]}"
        for path in TEMPLATES
        for hit in pattern.finditer(_uncommented(path))
    ]
    assert found == []


def test_nothing_that_is_served_names_another_host():
    found = [
        f"{path.relative_to(HERE)}: {address}"
        for path in (*TEMPLATES, *SERVED)
        for address in STRANGER.findall(_uncommented(path))
        if not address.startswith(KNOWN)
    ]
    assert found == []


def test_the_patterns_find_what_they_look_for():
    assert HANDLER.search('<p class="a" onclick="x()">')
    assert HANDLER.search('<p style="x">')
    assert not HANDLER.search('<p class="style" data-on="x">')
    assert INLINE.search("<script>x</script>")
    assert INLINE.search('<a href="javascript:x">')
    assert not INLINE.search('<script type="module" src="/x.js"></script>')
    assert STRANGER.search("url(https://fonts.example.org/a)")


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "lorem ipsum", "/work/"])
def test_nothing_is_left_for_later(word):
    here = Path(__file__)
    left = [path for path in (*MODULES, *TEMPLATES, *SERVED) if path != here and word in path.read_text()]
    assert shown(left) == []


def test_every_message_in_a_template_component_names_its_parameters():
    silent = [
        path
        for path in TEMPLATES
        if "components" in path.parts and not re.match(r"\s*({#|{% comment)", path.read_text())
    ]
    assert shown(silent) == []
