"""The workspace: where things lie, releases with their pins, and YAML read with line numbers."""
