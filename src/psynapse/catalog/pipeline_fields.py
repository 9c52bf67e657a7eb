"""Which fields of a pipeline's config mean something to it: every config inherits those of the base."""

from collections.abc import Mapping
from inspect import get_annotations, signature
from typing import Any, Final

from psynapse.model.guarded import attempt

VIDEO: Final = "video"
_WHEN_SUPPORTED: Final[Mapping[str, str]] = {
    "manage_cache": "supports_cache_management",
    "lora_merge_strategy": "supports_lora",
    "ref_images": "supports_vace",
    "vace_context_scale": "supports_vace",
}
_ALWAYS_LOADED: Final = frozenset({"height", "width", "lora_merge_strategy"})
_SIZE: Final = frozenset({"height", "width"})
_COMMON: Final = _SIZE | {"base_seed"}


def is_shown(config: Any, name: str) -> bool:
    """Whether a field is worth a parameter: its own are, and those of all configs that mean something to it."""
    if name in _COMMON or name not in _inherited(config) or _declares(config, name):
        return True
    return bool(getattr(config, _WHEN_SUPPORTED.get(name, ""), False))


def is_used(cls: type, config: Any, name: str) -> bool:
    """Whether it is shown, and the package of ``cls`` speaks of it, or it is the size of frames that are made."""
    if not is_shown(config, name):
        return False
    if name not in _SIZE or name not in _inherited(config) or _declares(config, name):
        return True
    modes: Mapping[str, Any] = config.modes
    named = attempt(frozenset[str](), lambda: frozenset(signature(cls).parameters))
    return set(modes) != {VIDEO} or name in named or any(getattr(mode, name, None) for mode in modes.values())


def counts_at_load(name: str, field: Any) -> bool:
    """Whether a field counts when the pipeline is loaded; what does not say so counts when it runs."""
    extra = field.json_schema_extra
    hints = extra.get("ui") if isinstance(extra, dict) else None
    return bool(hints.get("is_load_param")) if isinstance(hints, dict) else name in _ALWAYS_LOADED


def _declares(config: Any, name: str) -> bool:
    """Whether a class of the package has the field, also where it is one of the base."""
    return any(name in get_annotations(base) for base in config.__mro__ if not base.__module__.startswith("scope."))


def _inherited(config: Any) -> frozenset[str]:
    bases = [base for base in config.__mro__ if base.__module__.startswith("scope.")]
    return frozenset(name for base in bases for name in getattr(base, "model_fields", ()))
