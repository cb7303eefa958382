from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.check_step import CheckStep





T = TypeVar("T", bound="NumberCheckup")



@_attrs_define
class NumberCheckup:
    """ What a look at everything between the carrier and the agent found.

        Attributes:
            number_id (UUID):
            e164 (str):
            is_ready (bool):
            steps (list[CheckStep] | Unset):
     """

    number_id: UUID
    e164: str
    is_ready: bool
    steps: list[CheckStep] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.check_step import CheckStep # noqa: PLC0415
        number_id = str(self.number_id)

        e164 = self.e164

        is_ready = self.is_ready

        steps: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.steps, Unset):
            steps = []
            for steps_item_data in self.steps:
                steps_item = steps_item_data.to_dict()
                steps.append(steps_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number_id": number_id,
            "e164": e164,
            "is_ready": is_ready,
        })
        if steps is not UNSET:
            field_dict["steps"] = steps

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_step import CheckStep # noqa: PLC0415
        d = dict(src_dict)
        number_id = UUID(d.pop("number_id"))




        e164 = d.pop("e164")

        is_ready = d.pop("is_ready")

        _steps = d.pop("steps", UNSET)
        steps: list[CheckStep] | Unset = UNSET
        if _steps is not UNSET:
            steps = []
            for steps_item_data in _steps:
                steps_item = CheckStep.from_dict(steps_item_data)



                steps.append(steps_item)


        number_checkup = cls(
            number_id=number_id,
            e164=e164,
            is_ready=is_ready,
            steps=steps,
        )


        number_checkup.additional_properties = d
        return number_checkup

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
