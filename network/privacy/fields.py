"""A text column that is only ever stored sealed."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from network.privacy import keyring
from network.privacy.rules import sealing


class Sealed:
    """A value as it lies in the database. Says nothing when printed."""

    __slots__ = ("blob",)

    def __init__(self, blob: bytes) -> None:
        self.blob = blob

    def __repr__(self) -> str:
        return "<sealed>"


class OpenedOnRead(DeferredAttribute):
    """Opens the value when it is first read, and raises rather than show anything else."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = _open(value, instance, self.field)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Sealed under the row's own `key`, bound to table, column and row.

    It can't be searched, and can't be written by `update()`: both raise TypeError.
    """

    descriptor_class = OpenedOnRead
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: bytes | None, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: Any, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        key_id = model_instance.key_id
        place = sealing.SealedPlace(model_instance._meta.db_table, self.name, model_instance.pk)
        return Sealed(sealing.seal(value, key=keyring.key(key_id), key_id=key_id, place=place))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: it is written through its row, and not searched")
        return super().get_db_prep_value(value and value.blob, connection, prepared)

    def value_to_string(self, obj: Any) -> str:
        raise TypeError(f"{self.name} is sealed and isn't exported")


def _open(value: Sealed, instance: Any, field: Any) -> str:
    place = sealing.SealedPlace(instance._meta.db_table, field.name, instance.pk)
    return sealing.unseal(value.blob, key=keyring.key(sealing.key_of(value.blob)), place=place)
