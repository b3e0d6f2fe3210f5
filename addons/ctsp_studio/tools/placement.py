"""Where added fields go: builds the arch of the inherited views. Knows nothing of the database."""

from lxml import etree

GROUPABLE = ("selection", "many2one", "boolean", "date", "datetime")


def form_arch(arch, added, title):
    """Return an inherited form arch that shows ``added`` in a group of their own, before the notebook if there is one.

    :param arch: the primary view as an element
    :param added: records with ``technical_name``, ``kind``, ``required``
    :param title: heading of the group
    """
    if arch.find(".//sheet/notebook") is not None:
        data = etree.Element("xpath", expr="//sheet/notebook", position="before")
    elif arch.find(".//sheet") is not None:
        data = etree.Element("xpath", expr="//sheet", position="inside")
    else:
        data = etree.Element("xpath", expr="/form", position="inside")
    group = etree.SubElement(data, "group", name="studio_fields", string=title, col="4")
    for field in added:
        node = etree.SubElement(group, "field", name=field.technical_name)
        if field.required:
            node.set("required", "1")
        if field.kind == "many2one":
            node.set("options", "{'no_create': True, 'no_open': True}")
        if field.kind == "text":
            node.set("colspan", "4")
    return etree.tostring(data, encoding="unicode")


def list_arch(_arch, added, _title):
    """Return an inherited list arch with one optional column per added field; long texts stay out."""
    data = etree.Element("xpath", expr="/list", position="inside")
    for field in added:
        if field.in_list and field.kind != "text":
            etree.SubElement(data, "field", name=field.technical_name, optional="show")
    return etree.tostring(data, encoding="unicode") if len(data) else None


def search_arch(_arch, added, _title):
    """Return an inherited search arch: a search field each, a group-by where grouping makes sense."""
    data = etree.Element("xpath", expr="/search", position="inside")
    wanted = [field for field in added if field.in_search]
    for field in wanted:
        etree.SubElement(data, "field", name=field.technical_name)
    groupable = [field for field in wanted if field.kind in GROUPABLE]
    group = etree.SubElement(data, "group") if groupable else None
    for field in groupable:
        etree.SubElement(
            group, "filter", name=f"group_{field.technical_name}", string=field.name,
            context=repr({"group_by": field.technical_name}))
    return etree.tostring(data, encoding="unicode") if len(data) else None


BUILDERS = {"form": form_arch, "list": list_arch, "search": search_arch}
