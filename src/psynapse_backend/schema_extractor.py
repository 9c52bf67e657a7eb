"""``AnnotatedDict`` and ``extract_all_schemas``, under the name that existing nodepacks import."""

from pathlib import Path

from psynapse.model.authoring import AnnotatedDict
from psynapse.model.ids import Json

__all__ = ["AnnotatedDict", "extract_all_schemas"]


def extract_all_schemas(nodepacks_dir: str) -> list[dict[str, Json]]:
    """The schemas of all nodes under ``nodepacks_dir`` as JSON objects; what fails to load is left out."""
    # Nodepacks import this module for AnnotatedDict alone.
    from psynapse.catalog.registry import load_registry  # noqa: PLC0415

    registry = load_registry([(Path(nodepacks_dir), "user")])
    return [schema.to_json() for schema in registry.catalog.schemas]
