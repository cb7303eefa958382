from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.mode import check_mode
from ..models.mode import Mode
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="NewNumber")



@_attrs_define
class NewNumber:
    """ A number to be bought, or one's own.

        Attributes:
            e164 (str): such as +12125550199
            carrier_account_id (UUID): the account that it is in, or shall be
            buy (bool | Unset): buy it; else it is in the account already Default: False.
            agent_id (None | Unset | UUID):
            mode (Mode | Unset):  Default: 'live'.
            human_number (str | Unset):  Default: ''.
            address_id (str | Unset): the carrier's id of an address, where its country asks for one Default: ''.
            bundle_id (str | Unset): the carrier's id of regulatory papers, where its country asks for them Default: ''.
     """

    e164: str
    carrier_account_id: UUID
    buy: bool | Unset = False
    agent_id: None | Unset | UUID = UNSET
    mode: Mode | Unset = 'live'
    human_number: str | Unset = ''
    address_id: str | Unset = ''
    bundle_id: str | Unset = ''
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        e164 = self.e164

        carrier_account_id = str(self.carrier_account_id)

        buy = self.buy

        agent_id: None | str | Unset
        if isinstance(self.agent_id, Unset):
            agent_id = UNSET
        elif isinstance(self.agent_id, UUID):
            agent_id = str(self.agent_id)
        else:
            agent_id = self.agent_id

        mode: str | Unset = UNSET
        if not isinstance(self.mode, Unset):
            mode = self.mode


        human_number = self.human_number

        address_id = self.address_id

        bundle_id = self.bundle_id


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "e164": e164,
            "carrier_account_id": carrier_account_id,
        })
        if buy is not UNSET:
            field_dict["buy"] = buy
        if agent_id is not UNSET:
            field_dict["agent_id"] = agent_id
        if mode is not UNSET:
            field_dict["mode"] = mode
        if human_number is not UNSET:
            field_dict["human_number"] = human_number
        if address_id is not UNSET:
            field_dict["address_id"] = address_id
        if bundle_id is not UNSET:
            field_dict["bundle_id"] = bundle_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        e164 = d.pop("e164")

        carrier_account_id = UUID(d.pop("carrier_account_id"))




        buy = d.pop("buy", UNSET)

        def _parse_agent_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                agent_id_type_0 = UUID(data)



                return agent_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        agent_id = _parse_agent_id(d.pop("agent_id", UNSET))


        _mode = d.pop("mode", UNSET)
        mode: Mode | Unset
        if isinstance(_mode,  Unset):
            mode = UNSET
        else:
            mode = check_mode(_mode)




        human_number = d.pop("human_number", UNSET)

        address_id = d.pop("address_id", UNSET)

        bundle_id = d.pop("bundle_id", UNSET)

        new_number = cls(
            e164=e164,
            carrier_account_id=carrier_account_id,
            buy=buy,
            agent_id=agent_id,
            mode=mode,
            human_number=human_number,
            address_id=address_id,
            bundle_id=bundle_id,
        )


        new_number.additional_properties = d
        return new_number

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
