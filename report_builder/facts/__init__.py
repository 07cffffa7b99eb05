"""Facts: values with unit, status and provenance; their file; the ledger of what was published; claims on facts."""
