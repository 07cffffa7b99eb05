"""What has changed: between two documents, and between a document and the file that came back from its reviewers."""
