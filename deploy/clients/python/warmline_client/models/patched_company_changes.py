from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.data_residency import check_data_residency
from ..models.data_residency import DataResidency
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="PatchedCompanyChanges")



@_attrs_define
class PatchedCompanyChanges:
    """ What a company sets for itself.

        Attributes:
            name (str | Unset): As its callers know it
            time_zone (str | Unset): Such as Europe/Berlin
            residency (DataResidency | Unset):
            human_number (str | Unset): Who takes a call when no agent can
     """

    name: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    residency: DataResidency | Unset = UNSET
    human_number: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        time_zone = self.time_zone

        residency: str | Unset = UNSET
        if not isinstance(self.residency, Unset):
            residency = self.residency


        human_number = self.human_number


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if residency is not UNSET:
            field_dict["residency"] = residency
        if human_number is not UNSET:
            field_dict["human_number"] = human_number

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        time_zone = d.pop("time_zone", UNSET)

        _residency = d.pop("residency", UNSET)
        residency: DataResidency | Unset
        if isinstance(_residency,  Unset):
            residency = UNSET
        else:
            residency = check_data_residency(_residency)




        human_number = d.pop("human_number", UNSET)

        patched_company_changes = cls(
            name=name,
            time_zone=time_zone,
            residency=residency,
            human_number=human_number,
        )


        patched_company_changes.additional_properties = d
        return patched_company_changes

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
