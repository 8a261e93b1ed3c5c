"""Documents, TOML or JSON: read strictly into frozen records, and described by a schema of the same types."""

from thecal.documents.reading import About, ClockTime, DocumentError, kinds, parse, read
from thecal.documents.schema import schema

__all__ = ["About", "ClockTime", "DocumentError", "kinds", "parse", "read", "schema"]
