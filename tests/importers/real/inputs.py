"""The real inputs: schemas that packages of PyPI and npm ship, by the package and the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codegen.importers.options import Options

JSON_SCHEMA: Final = "JSON Schema"
_PLAIN: Final = Options()
_ANY: Final = Options(cycles="any")


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a package; `options` are those of `codegen import`."""

    kind: str
    """`JSON Schema`, `OpenAPI 3.0`, `OpenAPI 3.1` or `GraphQL`."""
    package: str
    file: str
    options: Options = _PLAIN
    is_large: bool = False
    """Whether it takes more than a few seconds: then only the command compares it."""

    @property
    def name(self) -> str:
        """The package, and the file in it."""
        return f"{self.package}/{self.file}"

    def path(self, modules: Path, wheels: Path) -> Path:
        """Where it is, below the npm packages or the unpacked wheels."""
        folder = _WHEELS.get(self.package)
        if folder is not None:
            return wheels / folder / self.file
        return modules / self.package / self.file


_WHEELS: Final = {
    "check-jsonschema": "check_jsonschema/builtin_schemas/vendor",
    "cyclonedx-python-lib": "cyclonedx/schema/_res",
    "nbformat": "nbformat",
    "openapi-spec-validator": "openapi_spec_validator/resources/schemas",
    "validate-pyproject-schema-store": "validate_pyproject_schema_store/resources",
}


def _several(
    kind: str, package: str, files: Sequence[str], options: Options = _PLAIN
) -> list[Input]:
    return [Input(kind, package, file, options) for file in files]


_TOOLS: Final = (
    *("bamboo-spec", "bitbucket-pipelines", "buildkite", "changie"),
    *("circle-ci", "citation-file-format", "cloudbuild", "codecov", "compose-spec"),
    *("dependabot", "github-actions", "github-discussion", "github-issue-config"),
    *("github-issue-forms", "github-workflows", "gitlab-ci", "meltano", "mergify"),
    *("readthedocs", "renovate", "snapcraft", "taskfile", "travis", "woodpecker-ci"),
)
_PYPROJECT: Final = (
    *("black", "cibuildwheel", "fastapi", "hatch", "inwards", "maturin", "mypy"),
    *("partial-pdm-dockerize", "pixi", "poe", "poetry", "pyright", "pytest", "quikrun"),
    *("repo-review", "ruff", "scikit-build", "setuptools"),
    *("setuptools_scm", "taskipy", "tombi", "tox", "ty", "uv"),
)
_PLANNING: Final = (
    *("appeal-document", "appeal-event", "appeal-event-estimate", "appeal-has"),
    *("appeal-representation", "appeal-s78", "entraid", "folder", "listed-building"),
    *("nsip-document", "nsip-exam-timetable", "nsip-meeting", "nsip-project"),
    *("nsip-representation", "nsip-subscription", "pins-inspector", "pins-lpa"),
    *("s51-advice", "service-user"),
)
_OAS: Final = {
    "3.0": (
        *("petstore", "petstore-expanded", "uspto", "link-example"),
        *("discriminators", "polymorphism", "complex-nesting"),
        *("schema-types", "schema-deprecated"),
    ),
    "3.1": ("petstore", "train-travel", "schema-types", "webhooks"),
}

INPUTS: Final[tuple[Input, ...]] = (
    *_several(JSON_SCHEMA, "check-jsonschema", [f"{n}.json" for n in _TOOLS], _ANY),
    *_several(
        JSON_SCHEMA,
        "validate-pyproject-schema-store",
        [f"{name}.schema.json" for name in _PYPROJECT],
        _ANY,
    ),
    *_several(
        JSON_SCHEMA,
        "@planning-inspectorate/data-model",
        [f"schemas/{name}.schema.json" for name in _PLANNING],
    ),
    *_several(
        JSON_SCHEMA,
        "nbformat",
        ["v3/nbformat.v3.schema.json", "v4/nbformat.v4.5.schema.json"],
    ),
    *_several(
        JSON_SCHEMA,
        "openapi-spec-validator",
        [f"v{version}/schema.json" for version in ("3.0", "3.1", "3.2")],
        _ANY,
    ),
    *_several(
        JSON_SCHEMA,
        "geojson-schema",
        ["GeoJSON.json", "FeatureCollection.json", "Feature.json", "Polygon.json"],
    ),
    *_several(JSON_SCHEMA, "resume-schema", ["schema.json", "job-schema.json"]),
    *_several(
        JSON_SCHEMA,
        "har-schema",
        [f"lib/{name}.json" for name in ("har", "entry", "postData", "timings")],
    ),
    Input(
        JSON_SCHEMA,
        "mutation-testing-report-schema",
        "dist/src/mutation-testing-report-schema.json",
    ),
    Input(JSON_SCHEMA, "@antv/color-schema", "build/color-schema.json"),
    Input(JSON_SCHEMA, "@nasa-jpl/seq-json-schema", "schema.json", _ANY),
    Input(JSON_SCHEMA, "signature-page-schema", "index.json"),
    Input(JSON_SCHEMA, "cyclonedx-python-lib", "jsf-0.82.SNAPSHOT.schema.json"),
    *_several(
        "OpenAPI 3.0",
        "@readme/oas-examples",
        [f"3.0/json/{name}.json" for name in _OAS["3.0"]],
        _ANY,
    ),
    *_several(
        "OpenAPI 3.1",
        "@readme/oas-examples",
        [f"3.1/json/{name}.json" for name in _OAS["3.1"]],
        _ANY,
    ),
    Input(
        "OpenAPI 3.0",
        "@readme/oas-examples",
        "3.0/json/star-trek.json",
        _ANY,
        is_large=True,
    ),
    Input("OpenAPI 3.0", "@blockfrost/openapi", "openapi.yaml", _ANY),
    Input("OpenAPI 3.0", "@ideal-postcodes/openapi", "dist/openapi.json", _ANY),
    Input("OpenAPI 3.0", "@directus/specs", "dist/openapi.json", _ANY),
    Input("OpenAPI 3.0", "@digdir/dialogporten-schema", "swagger.verified.json", _ANY),
    Input("GraphQL", "@digdir/dialogporten-schema", "schema.verified.graphql", _ANY),
    Input(
        "GraphQL",
        "@cardano-graphql/client-ts",
        "api/cardano-db-hasura/schema.graphql",
        Options(cycles="any", references="embed"),
    ),
    Input(
        "GraphQL",
        "@octokit/graphql-schema",
        "schema.graphql",
        _ANY,
        is_large=True,
    ),
)
