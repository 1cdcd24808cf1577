"""Plain data that can no longer change, yet is still a dict for whoever writes it as JSON."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A dict without its writing methods."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("sebuah definisi tidak dapat diubah")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __copy__(self) -> "Frozen[K, V]":
        return self

    def __deepcopy__(self, memo: object) -> "Frozen[K, V]":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


def freeze(value: Any) -> Any:
    """Return the value with every dict frozen and every list a tuple, all the way down."""
    if isinstance(value, Mapping):
        return Frozen({key: freeze(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(inner) for inner in value)
    return value
