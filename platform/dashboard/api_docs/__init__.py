"""The API's documentation, written from its OpenAPI document, in the product's look."""
