"""Builds an authority's periodic reports from metric files, versioned methods and versioned narrative templates.

For analysts: :func:`open_workspace` and :func:`read_facts` give the facts of a release as a pandas DataFrame.
"""

from report_builder.problems import Problem, ReportError
from report_builder.verbs.facts import AnalystWorkspace, open_workspace, read_facts

__all__ = ["AnalystWorkspace", "Problem", "ReportError", "__version__", "open_workspace", "read_facts"]
__version__ = "0.2.0"
