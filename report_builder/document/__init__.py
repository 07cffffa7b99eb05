"""The document: frozen nodes that know no format."""
