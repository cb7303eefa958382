from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.finding_severity import check_finding_severity
from ..models.finding_severity import FindingSeverity
from typing import cast






T = TypeVar("T", bound="Finding")



@_attrs_define
class Finding:
    """ Something that callers would suffer from; an error keeps a wording from going live.

        Attributes:
            field (str): Where it stands: greeting, facts.0.value, voice.name
            severity (FindingSeverity):
            code (str): What programs know it by
            why (str):
            fix (str): What to do about it
     """

    field: str
    severity: FindingSeverity
    code: str
    why: str
    fix: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        field = self.field

        severity: str = self.severity

        code = self.code

        why = self.why

        fix = self.fix


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "field": field,
            "severity": severity,
            "code": code,
            "why": why,
            "fix": fix,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = d.pop("field")

        severity = check_finding_severity(d.pop("severity"))




        code = d.pop("code")

        why = d.pop("why")

        fix = d.pop("fix")

        finding = cls(
            field=field,
            severity=severity,
            code=code,
            why=why,
            fix=fix,
        )


        finding.additional_properties = d
        return finding

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
