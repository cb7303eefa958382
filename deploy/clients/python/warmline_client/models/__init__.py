""" Contains all the data models used in inputs/outputs """

from .action import Action
from .agent_line import AgentLine
from .agent_page import AgentPage
from .agent_version_state import AgentVersionState
from .agent_voice import AgentVoice
from .agreement_score import AgreementScore
from .answer import Answer
from .answers import Answers
from .api_key_page import ApiKeyPage
from .api_key_role import ApiKeyRole
from .api_key_rotation import ApiKeyRotation
from .api_key_state import ApiKeyState
from .audit_event_page import AuditEventPage
from .audit_line import AuditLine
from .audit_line_detail import AuditLineDetail
from .available_number import AvailableNumber
from .available_numbers import AvailableNumbers
from .blank_enum import BlankEnum
from .booking_line import BookingLine
from .booking_page import BookingPage
from .business_hours import BusinessHours
from .call_audience import CallAudience
from .call_line import CallLine
from .call_line_page import CallLinePage
from .call_outcome import CallOutcome
from .call_page import CallPage
from .call_state import CallState
from .caller import Caller
from .carrier_account_kind import CarrierAccountKind
from .carrier_account_line import CarrierAccountLine
from .carrier_account_page import CarrierAccountPage
from .carrier_region import CarrierRegion
from .chat_role import ChatRole
from .check_state import CheckState
from .check_step import CheckStep
from .cited_passage import CitedPassage
from .collection_line import CollectionLine
from .collections import Collections
from .company import Company
from .content import Content
from .data_residency import DataResidency
from .day_usage import DayUsage
from .diff_kind import DiffKind
from .differences import Differences
from .document_line import DocumentLine
from .document_page import DocumentPage
from .draft import Draft
from .erasure_line import ErasureLine
from .erasure_state import ErasureState
from .event_line import EventLine
from .event_line_data import EventLineData
from .event_line_page import EventLinePage
from .event_type import EventType
from .exceptional import Exceptional
from .export_calls_audience import ExportCallsAudience
from .export_calls_end_reason import ExportCallsEndReason
from .export_calls_file import ExportCallsFile
from .export_calls_format import ExportCallsFormat
from .export_calls_mode import ExportCallsMode
from .export_calls_outcome import ExportCallsOutcome
from .export_calls_sort import ExportCallsSort
from .export_calls_state import ExportCallsState
from .extracted_field import ExtractedField
from .extracted_field_type import ExtractedFieldType
from .extraction_field import ExtractionField
from .fact import Fact
from .feed_line import FeedLine
from .field_change import FieldChange
from .field_problem import FieldProblem
from .figures import Figures
from .file_content import FileContent
from .finding import Finding
from .finding_severity import FindingSeverity
from .findings import Findings
from .get_call_recording_format import GetCallRecordingFormat
from .invitation_line import InvitationLine
from .invitation_page import InvitationPage
from .key_detail import KeyDetail
from .key_with_secret import KeyWithSecret
from .language import Language
from .languages import Languages
from .latency import Latency
from .limits import Limits
from .list_bookings_sort import ListBookingsSort
from .list_calls_audience import ListCallsAudience
from .list_calls_end_reason import ListCallsEndReason
from .list_calls_mode import ListCallsMode
from .list_calls_outcome import ListCallsOutcome
from .list_calls_sort import ListCallsSort
from .list_calls_state import ListCallsState
from .list_documents_state import ListDocumentsState
from .list_webhook_deliveries_event_type import ListWebhookDeliveriesEventType
from .list_webhook_deliveries_state import ListWebhookDeliveriesState
from .member_line import MemberLine
from .member_page import MemberPage
from .member_role import MemberRole
from .minute_quota import MinuteQuota
from .mode import Mode
from .month_usage import MonthUsage
from .new_agent import NewAgent
from .new_api_key import NewApiKey
from .new_carrier_account import NewCarrierAccount
from .new_collection import NewCollection
from .new_document import NewDocument
from .new_feed import NewFeed
from .new_file import NewFile
from .new_invitation import NewInvitation
from .new_number import NewNumber
from .new_secret import NewSecret
from .new_start import NewStart
from .new_verdict import NewVerdict
from .new_view import NewView
from .new_view_filters import NewViewFilters
from .new_webhook import NewWebhook
from .new_webhook_endpoint import NewWebhookEndpoint
from .number_checkup import NumberCheckup
from .number_kind import NumberKind
from .number_line import NumberLine
from .number_line_hours_type_0 import NumberLineHoursType0
from .number_page import NumberPage
from .on_failure import OnFailure
from .order_line import OrderLine
from .orders import Orders
from .outside_hours import OutsideHours
from .page_call import PageCall
from .parameter import Parameter
from .passage_line import PassageLine
from .passage_page import PassagePage
from .patched_api_key_changes import PatchedApiKeyChanges
from .patched_company_changes import PatchedCompanyChanges
from .patched_document_changes import PatchedDocumentChanges
from .patched_draft_changes import PatchedDraftChanges
from .patched_new_agent import PatchedNewAgent
from .patched_new_collection import PatchedNewCollection
from .patched_number_changes import PatchedNumberChanges
from .patched_role import PatchedRole
from .patched_webhook_changes import PatchedWebhookChanges
from .piece import Piece
from .problem import Problem
from .problem_code import ProblemCode
from .publish import Publish
from .published_version import PublishedVersion
from .question import Question
from .quota import Quota
from .recording_link import RecordingLink
from .region_line import RegionLine
from .region_page import RegionPage
from .replay_range import ReplayRange
from .replayed import Replayed
from .revert import Revert
from .rotation import Rotation
from .routing_reason import RoutingReason
from .run_line import RunLine
from .run_line_page import RunLinePage
from .run_page import RunPage
from .scope import Scope
from .search_numbers_kind import SearchNumbersKind
from .shadow import Shadow
from .shadow_action_kind import ShadowActionKind
from .shadow_verdict import ShadowVerdict
from .side import Side
from .speaker import Speaker
from .stage import Stage
from .summary_line import SummaryLine
from .summary_state import SummaryState
from .talk import Talk
from .talk_by import TalkBy
from .test_call import TestCall
from .test_call_state import TestCallState
from .tool import Tool
from .tool_result import ToolResult
from .tool_result_result import ToolResultResult
from .tool_use import ToolUse
from .tool_use_arguments import ToolUseArguments
from .tool_use_result_type_0 import ToolUseResultType0
from .tools import Tools
from .transcript import Transcript
from .tried_passage import TriedPassage
from .tried_sentence import TriedSentence
from .tried_tool import TriedTool
from .tried_tool_arguments import TriedToolArguments
from .try_ import Try
from .try_answer import TryAnswer
from .try_message import TryMessage
from .try_times import TryTimes
from .turn_latency import TurnLatency
from .turn_page import TurnPage
from .usage import Usage
from .utterance import Utterance
from .verdict_line import VerdictLine
from .version_detail import VersionDetail
from .version_line import VersionLine
from .version_page import VersionPage
from .view_line import ViewLine
from .view_line_filters import ViewLineFilters
from .view_page import ViewPage
from .voice_line import VoiceLine
from .voices import Voices
from .webhook_attempt import WebhookAttempt
from .webhook_delivery import WebhookDelivery
from .webhook_delivery_detail import WebhookDeliveryDetail
from .webhook_delivery_detail_payload import WebhookDeliveryDetailPayload
from .webhook_delivery_page import WebhookDeliveryPage
from .webhook_delivery_state import WebhookDeliveryState
from .webhook_disabled_because import WebhookDisabledBecause
from .webhook_endpoint import WebhookEndpoint
from .webhook_endpoint_page import WebhookEndpointPage
from .webhook_event_type import WebhookEventType
from .webhook_event_type_page import WebhookEventTypePage
from .webhook_health import WebhookHealth
from .weekly import Weekly
from .wording import Wording

__all__ = (
    "Action",
    "AgentLine",
    "AgentPage",
    "AgentVersionState",
    "AgentVoice",
    "AgreementScore",
    "Answer",
    "Answers",
    "ApiKeyPage",
    "ApiKeyRole",
    "ApiKeyRotation",
    "ApiKeyState",
    "AuditEventPage",
    "AuditLine",
    "AuditLineDetail",
    "AvailableNumber",
    "AvailableNumbers",
    "BlankEnum",
    "BookingLine",
    "BookingPage",
    "BusinessHours",
    "CallAudience",
    "Caller",
    "CallLine",
    "CallLinePage",
    "CallOutcome",
    "CallPage",
    "CallState",
    "CarrierAccountKind",
    "CarrierAccountLine",
    "CarrierAccountPage",
    "CarrierRegion",
    "ChatRole",
    "CheckState",
    "CheckStep",
    "CitedPassage",
    "CollectionLine",
    "Collections",
    "Company",
    "Content",
    "DataResidency",
    "DayUsage",
    "Differences",
    "DiffKind",
    "DocumentLine",
    "DocumentPage",
    "Draft",
    "ErasureLine",
    "ErasureState",
    "EventLine",
    "EventLineData",
    "EventLinePage",
    "EventType",
    "Exceptional",
    "ExportCallsAudience",
    "ExportCallsEndReason",
    "ExportCallsFile",
    "ExportCallsFormat",
    "ExportCallsMode",
    "ExportCallsOutcome",
    "ExportCallsSort",
    "ExportCallsState",
    "ExtractedField",
    "ExtractedFieldType",
    "ExtractionField",
    "Fact",
    "FeedLine",
    "FieldChange",
    "FieldProblem",
    "Figures",
    "FileContent",
    "Finding",
    "Findings",
    "FindingSeverity",
    "GetCallRecordingFormat",
    "InvitationLine",
    "InvitationPage",
    "KeyDetail",
    "KeyWithSecret",
    "Language",
    "Languages",
    "Latency",
    "Limits",
    "ListBookingsSort",
    "ListCallsAudience",
    "ListCallsEndReason",
    "ListCallsMode",
    "ListCallsOutcome",
    "ListCallsSort",
    "ListCallsState",
    "ListDocumentsState",
    "ListWebhookDeliveriesEventType",
    "ListWebhookDeliveriesState",
    "MemberLine",
    "MemberPage",
    "MemberRole",
    "MinuteQuota",
    "Mode",
    "MonthUsage",
    "NewAgent",
    "NewApiKey",
    "NewCarrierAccount",
    "NewCollection",
    "NewDocument",
    "NewFeed",
    "NewFile",
    "NewInvitation",
    "NewNumber",
    "NewSecret",
    "NewStart",
    "NewVerdict",
    "NewView",
    "NewViewFilters",
    "NewWebhook",
    "NewWebhookEndpoint",
    "NumberCheckup",
    "NumberKind",
    "NumberLine",
    "NumberLineHoursType0",
    "NumberPage",
    "OnFailure",
    "OrderLine",
    "Orders",
    "OutsideHours",
    "PageCall",
    "Parameter",
    "PassageLine",
    "PassagePage",
    "PatchedApiKeyChanges",
    "PatchedCompanyChanges",
    "PatchedDocumentChanges",
    "PatchedDraftChanges",
    "PatchedNewAgent",
    "PatchedNewCollection",
    "PatchedNumberChanges",
    "PatchedRole",
    "PatchedWebhookChanges",
    "Piece",
    "Problem",
    "ProblemCode",
    "Publish",
    "PublishedVersion",
    "Question",
    "Quota",
    "RecordingLink",
    "RegionLine",
    "RegionPage",
    "Replayed",
    "ReplayRange",
    "Revert",
    "Rotation",
    "RoutingReason",
    "RunLine",
    "RunLinePage",
    "RunPage",
    "Scope",
    "SearchNumbersKind",
    "Shadow",
    "ShadowActionKind",
    "ShadowVerdict",
    "Side",
    "Speaker",
    "Stage",
    "SummaryLine",
    "SummaryState",
    "Talk",
    "TalkBy",
    "TestCall",
    "TestCallState",
    "Tool",
    "ToolResult",
    "ToolResultResult",
    "Tools",
    "ToolUse",
    "ToolUseArguments",
    "ToolUseResultType0",
    "Transcript",
    "TriedPassage",
    "TriedSentence",
    "TriedTool",
    "TriedToolArguments",
    "Try",
    "TryAnswer",
    "TryMessage",
    "TryTimes",
    "TurnLatency",
    "TurnPage",
    "Usage",
    "Utterance",
    "VerdictLine",
    "VersionDetail",
    "VersionLine",
    "VersionPage",
    "ViewLine",
    "ViewLineFilters",
    "ViewPage",
    "VoiceLine",
    "Voices",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookDeliveryDetail",
    "WebhookDeliveryDetailPayload",
    "WebhookDeliveryPage",
    "WebhookDeliveryState",
    "WebhookDisabledBecause",
    "WebhookEndpoint",
    "WebhookEndpointPage",
    "WebhookEventType",
    "WebhookEventTypePage",
    "WebhookHealth",
    "Weekly",
    "Wording",
)
