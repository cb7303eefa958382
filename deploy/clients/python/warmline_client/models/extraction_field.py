from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.extracted_field_type import check_extracted_field_type
from ..models.extracted_field_type import ExtractedFieldType
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ExtractionField")



@_attrs_define
class ExtractionField:
    """ Something that is read out of each call after its end, with the words it was said in.

        Attributes:
            name (str): Under which it stands: customer_name
            description (str): What the model looks for: the caller's name
            type_ (ExtractedFieldType | Unset):  Default: 'text'.
     """

    name: str
    description: str
    type_: ExtractedFieldType | Unset = 'text'
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_



        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "description": description,
        })
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        _type_ = d.pop("type", UNSET)
        type_: ExtractedFieldType | Unset
        if isinstance(_type_,  Unset):
            type_ = UNSET
        else:
            type_ = check_extracted_field_type(_type_)




        extraction_field = cls(
            name=name,
            description=description,
            type_=type_,
        )


        extraction_field.additional_properties = d
        return extraction_field

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
