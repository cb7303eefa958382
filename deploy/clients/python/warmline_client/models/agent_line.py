from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="AgentLine")



@_attrs_define
class AgentLine:
    """ An agent in a list: which versions speak, and whether one is being written.

        Attributes:
            id (UUID):
            name (str):
            live_version (int | None): Whose words callers hear now
            shadow_version (int | None): What numbers in shadow mode use
            has_draft (bool): Whether somebody has begun to change it
            changed_at (datetime.datetime):
            created_at (datetime.datetime):
            archived_at (datetime.datetime | None | Unset): Out of use since; null: in use
     """

    id: UUID
    name: str
    live_version: int | None
    shadow_version: int | None
    has_draft: bool
    changed_at: datetime.datetime
    created_at: datetime.datetime
    archived_at: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        live_version: int | None
        live_version = self.live_version

        shadow_version: int | None
        shadow_version = self.shadow_version

        has_draft = self.has_draft

        changed_at = self.changed_at.isoformat()

        created_at = self.created_at.isoformat()

        archived_at: None | str | Unset
        if isinstance(self.archived_at, Unset):
            archived_at = UNSET
        elif isinstance(self.archived_at, datetime.datetime):
            archived_at = self.archived_at.isoformat()
        else:
            archived_at = self.archived_at


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "name": name,
            "live_version": live_version,
            "shadow_version": shadow_version,
            "has_draft": has_draft,
            "changed_at": changed_at,
            "created_at": created_at,
        })
        if archived_at is not UNSET:
            field_dict["archived_at"] = archived_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        name = d.pop("name")

        def _parse_live_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        live_version = _parse_live_version(d.pop("live_version"))


        def _parse_shadow_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        shadow_version = _parse_shadow_version(d.pop("shadow_version"))


        has_draft = d.pop("has_draft")

        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))




        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_archived_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                archived_at_type_0 = datetime.datetime.fromisoformat(data)



                return archived_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        archived_at = _parse_archived_at(d.pop("archived_at", UNSET))


        agent_line = cls(
            id=id,
            name=name,
            live_version=live_version,
            shadow_version=shadow_version,
            has_draft=has_draft,
            changed_at=changed_at,
            created_at=created_at,
            archived_at=archived_at,
        )


        agent_line.additional_properties = d
        return agent_line

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
