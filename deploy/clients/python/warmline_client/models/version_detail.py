from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.version_line import VersionLine
  from ..models.wording import Wording





T = TypeVar("T", bound="VersionDetail")



@_attrs_define
class VersionDetail:
    """ A version with everything that it says.

        Attributes:
            version (VersionLine): A version in a list: who made it, when and why.
            agent_id (UUID):
            agent_name (str):
            wording (Wording): Everything an agent is.
     """

    version: VersionLine
    agent_id: UUID
    agent_name: str
    wording: Wording
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.version_line import VersionLine # noqa: PLC0415
        from ..models.wording import Wording # noqa: PLC0415
        version = self.version.to_dict()

        agent_id = str(self.agent_id)

        agent_name = self.agent_name

        wording = self.wording.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "version": version,
            "agent_id": agent_id,
            "agent_name": agent_name,
            "wording": wording,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.version_line import VersionLine # noqa: PLC0415
        from ..models.wording import Wording # noqa: PLC0415
        d = dict(src_dict)
        version = VersionLine.from_dict(d.pop("version"))




        agent_id = UUID(d.pop("agent_id"))




        agent_name = d.pop("agent_name")

        wording = Wording.from_dict(d.pop("wording"))




        version_detail = cls(
            version=version,
            agent_id=agent_id,
            agent_name=agent_name,
            wording=wording,
        )


        version_detail.additional_properties = d
        return version_detail

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
