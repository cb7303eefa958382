"""The pages of what agents may know: documents, one document, collections, a question tried."""
