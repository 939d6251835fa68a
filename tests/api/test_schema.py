"""Schemathesis over the whole API, in process: no answer above 499, and each as its OpenAPI document says."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.world import World

pytestmark = [
    pytest.mark.django_db,
    # Libraries of the generator only; what CanBo does is inside the server's own code.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(schemathesis|werkzeug|jsonschema|hypothesis).*"),
    pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning"),
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The end of a request closes the connection, and with it the test's transaction: as Django's client, not here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_sample_of_all_operations(world: World) -> None:
    assert _run(world, examples=3) >= 31


@pytest.mark.deep
def test_all_operations(world: World) -> None:
    assert _run(world, examples=int(os.environ.get("CANBO_DEEP_EXAMPLES", "150"))) >= 31


def _run(world: World, *, examples: int) -> int:
    """Ask each operation, as specialists and inspectors do, with data that fits the document and data that does not."""
    from canbo.config.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    count = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        count += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
                _ask(operation.path, strategy, world, examples)
            except schemathesis.errors.SchemathesisError as error:
                if mode is GenerationMode.POSITIVE:
                    raise
                assert "negative" in str(error).lower() or "Impossible" in str(error), error  # nothing to get wrong
    return count


def _ask(path: str, strategy: Any, world: World, examples: int) -> None:
    accounts = ["specialist/whole/now", "unit_officer/part/now", "inspector/whole/now"]
    if path in ("/api/health", "/api/own-file"):
        accounts = ["it_admin/whole/now" if path == "/api/health" else "person/whole/now"]

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(case=strategy, account=st.sampled_from(accounts), real=st.booleans())
    def run(case: Any, account: str, real: bool) -> None:
        if real and case.path_parameters:
            case.path_parameters |= {
                name: value for name, value in _real(path, world).items() if name in case.path_parameters
            }
        headers = {"Authorization": world.tokens[account]["HTTP_AUTHORIZATION"]}
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()


def _real(path: str, world: World) -> dict[str, Any]:
    is_post = "/posts/{number}" in path
    return {
        "code": "DV-N" if path.startswith("/api/organisations") else world.people["inside"],
        "kind": "qualification",
        "number": world.posts["inside"] if is_post else world.facts["inside"],
        "scheme": "thai-nguyen-2021-2030",
        "indicator": "TN-2025-1-01",
    }
