from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.summary_state import check_summary_state
from ..models.summary_state import SummaryState
from typing import cast

if TYPE_CHECKING:
  from ..models.extracted_field import ExtractedField





T = TypeVar("T", bound="SummaryLine")



@_attrs_define
class SummaryLine:
    """ What a model made of a call after its end, held against what was said.

        Attributes:
            state (SummaryState):
            summary (str): empty where none could be held against the call
            fields (list[ExtractedField]):
     """

    state: SummaryState
    summary: str
    fields: list[ExtractedField]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.extracted_field import ExtractedField # noqa: PLC0415
        state: str = self.state

        summary = self.summary

        fields = []
        for fields_item_data in self.fields:
            fields_item = fields_item_data.to_dict()
            fields.append(fields_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "state": state,
            "summary": summary,
            "fields": fields,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.extracted_field import ExtractedField # noqa: PLC0415
        d = dict(src_dict)
        state = check_summary_state(d.pop("state"))




        summary = d.pop("summary")

        fields = []
        _fields = d.pop("fields")
        for fields_item_data in (_fields):
            fields_item = ExtractedField.from_dict(fields_item_data)



            fields.append(fields_item)


        summary_line = cls(
            state=state,
            summary=summary,
            fields=fields,
        )


        summary_line.additional_properties = d
        return summary_line

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
