"""Claims about the API's root: it leads whoever is signed in to the rest, and tells nobody else anything."""

ROOT = "/api/v1/"


def test_the_root_names_addresses_that_answer(cast, api, as_, programme):
    for client in (api(cast.viewer, read_only=True), as_(cast.viewer)):
        found = client.get(ROOT)
        assert (found.status_code, sorted(found.json())) == (200, ["docs", "programmes", "schema", "search"])
        for address in found.json().values():
            assert address.startswith(f"http://testserver{ROOT}")
            assert client.get(address.removeprefix("http://testserver")).status_code == 200
    assert api(cast.viewer).get(found.json()["programmes"]).json()["results"][0]["slug"] == "cse-test"


def test_nobody_is_asked_to_sign_in_and_a_strange_parameter_is_refused(cast, api):
    assert api().get(ROOT).status_code == 401
    refused = api(cast.outsider).get(f"{ROOT}?x=1")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert api(cast.outsider).post(ROOT, {}).status_code == 405
