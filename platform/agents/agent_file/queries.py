"""The reads: an agent as its file. Inside the bound tenant."""

from agents.agent_file.knowledge import names_of
from agents.agent_file.types import AgentFile, agent_file
from agents.editing import queries


def exported(name: str, *, which: str = "live") -> AgentFile:
    """The file of the agent of that name: its "live", "draft" or "shadow" wording, or a version's
    by number.
    """
    agent = queries.agent_named(name)
    wording = queries.wording_at(agent.id, which)
    return agent_file(agent.name, wording, collections=names_of(wording.collections))
