from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.wording import Wording





T = TypeVar("T", bound="Draft")



@_attrs_define
class Draft:
    """ What is being written of an agent; revision 0: nobody has begun.

        Attributes:
            agent_id (UUID):
            agent_name (str):
            revision (int): Grows with each save
            based_on (int | None): The version it began from
            edited_by (str):
            edited_at (datetime.datetime | None):
            wording (Wording): Everything an agent is.
     """

    agent_id: UUID
    agent_name: str
    revision: int
    based_on: int | None
    edited_by: str
    edited_at: datetime.datetime | None
    wording: Wording
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.wording import Wording # noqa: PLC0415
        agent_id = str(self.agent_id)

        agent_name = self.agent_name

        revision = self.revision

        based_on: int | None
        based_on = self.based_on

        edited_by = self.edited_by

        edited_at: None | str
        if isinstance(self.edited_at, datetime.datetime):
            edited_at = self.edited_at.isoformat()
        else:
            edited_at = self.edited_at

        wording = self.wording.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "agent_id": agent_id,
            "agent_name": agent_name,
            "revision": revision,
            "based_on": based_on,
            "edited_by": edited_by,
            "edited_at": edited_at,
            "wording": wording,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.wording import Wording # noqa: PLC0415
        d = dict(src_dict)
        agent_id = UUID(d.pop("agent_id"))




        agent_name = d.pop("agent_name")

        revision = d.pop("revision")

        def _parse_based_on(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        based_on = _parse_based_on(d.pop("based_on"))


        edited_by = d.pop("edited_by")

        def _parse_edited_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                edited_at_type_0 = datetime.datetime.fromisoformat(data)



                return edited_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        edited_at = _parse_edited_at(d.pop("edited_at"))


        wording = Wording.from_dict(d.pop("wording"))




        draft = cls(
            agent_id=agent_id,
            agent_name=agent_name,
            revision=revision,
            based_on=based_on,
            edited_by=edited_by,
            edited_at=edited_at,
            wording=wording,
        )


        draft.additional_properties = d
        return draft

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
