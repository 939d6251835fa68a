"""The code lists: keys, labels in two languages, order, and how officials write them. Data in definitions/codes."""

from canbo.codes.lists import Code, CodeList, code_list, code_lists

__all__ = ["Code", "CodeList", "code_list", "code_lists"]
