from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.api_key_state import ApiKeyState
from ..models.api_key_state import check_api_key_state
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="KeyDetail")



@_attrs_define
class KeyDetail:
    """ An API key, without its secret.

        Attributes:
            id (UUID):
            name (str): What it is for
            prefix (str): How its secret begins after `wl_`
            state (ApiKeyState):
            scopes (list[str]): What it was made for
            lost_scopes (list[str]): Those that whoever made it no longer has
            origins (list[str]): Pages of these may use it from a browser
            made_by (str): Who saw its secret; empty for an operator
            created_at (datetime.datetime):
            expires_at (datetime.datetime | None):
            last_used_at (datetime.datetime | None): To the minute
            revoked_at (datetime.datetime | None):
            replaces (None | UUID): The key that it took the place of
     """

    id: UUID
    name: str
    prefix: str
    state: ApiKeyState
    scopes: list[str]
    lost_scopes: list[str]
    origins: list[str]
    made_by: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    replaces: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        prefix = self.prefix

        state: str = self.state

        scopes = self.scopes



        lost_scopes = self.lost_scopes



        origins = self.origins



        made_by = self.made_by

        created_at = self.created_at.isoformat()

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        revoked_at: None | str
        if isinstance(self.revoked_at, datetime.datetime):
            revoked_at = self.revoked_at.isoformat()
        else:
            revoked_at = self.revoked_at

        replaces: None | str
        if isinstance(self.replaces, UUID):
            replaces = str(self.replaces)
        else:
            replaces = self.replaces


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "name": name,
            "prefix": prefix,
            "state": state,
            "scopes": scopes,
            "lost_scopes": lost_scopes,
            "origins": origins,
            "made_by": made_by,
            "created_at": created_at,
            "expires_at": expires_at,
            "last_used_at": last_used_at,
            "revoked_at": revoked_at,
            "replaces": replaces,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        name = d.pop("name")

        prefix = d.pop("prefix")

        state = check_api_key_state(d.pop("state"))




        scopes = cast(list[str], d.pop("scopes"))


        lost_scopes = cast(list[str], d.pop("lost_scopes"))


        origins = cast(list[str], d.pop("origins"))


        made_by = d.pop("made_by")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)



                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))


        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)



                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))


        def _parse_revoked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revoked_at_type_0 = datetime.datetime.fromisoformat(data)



                return revoked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        revoked_at = _parse_revoked_at(d.pop("revoked_at"))


        def _parse_replaces(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                replaces_type_0 = UUID(data)



                return replaces_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        replaces = _parse_replaces(d.pop("replaces"))


        key_detail = cls(
            id=id,
            name=name,
            prefix=prefix,
            state=state,
            scopes=scopes,
            lost_scopes=lost_scopes,
            origins=origins,
            made_by=made_by,
            created_at=created_at,
            expires_at=expires_at,
            last_used_at=last_used_at,
            revoked_at=revoked_at,
            replaces=replaces,
        )


        key_detail.additional_properties = d
        return key_detail

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
