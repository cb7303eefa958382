"""The OpenAPI document: what the operations declare, finished for people and for tools."""
