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
  from ..models.view_line_filters import ViewLineFilters





T = TypeVar("T", bound="ViewLine")



@_attrs_define
class ViewLine:
    """ A saved list of calls.

        Attributes:
            id (UUID):
            name (str):
            owner_id (None | UUID): whose it is alone; null: the company's
            filters (ViewLineFilters): as the list of calls takes them
            created_at (datetime.datetime):
     """

    id: UUID
    name: str
    owner_id: None | UUID
    filters: ViewLineFilters
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.view_line_filters import ViewLineFilters # noqa: PLC0415
        id = str(self.id)

        name = self.name

        owner_id: None | str
        if isinstance(self.owner_id, UUID):
            owner_id = str(self.owner_id)
        else:
            owner_id = self.owner_id

        filters = self.filters.to_dict()

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "name": name,
            "owner_id": owner_id,
            "filters": filters,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.view_line_filters import ViewLineFilters # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        name = d.pop("name")

        def _parse_owner_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                owner_id_type_0 = UUID(data)



                return owner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        owner_id = _parse_owner_id(d.pop("owner_id"))


        filters = ViewLineFilters.from_dict(d.pop("filters"))




        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        view_line = cls(
            id=id,
            name=name,
            owner_id=owner_id,
            filters=filters,
            created_at=created_at,
        )


        view_line.additional_properties = d
        return view_line

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
