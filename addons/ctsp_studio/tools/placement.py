"""Where added fields go: builds the arch of the inherited views. Knows nothing of the database."""

from dataclasses import dataclass

from lxml import etree

GROUPABLE = ("selection", "many2one", "boolean", "date", "datetime")


@dataclass(frozen=True)
class Placed:
    """A field on a screen. ``kind`` as in ``ctsp.studio.field``; ``whole``: found by its whole value only."""

    technical_name: str
    name: str
    kind: str
    required: bool = False
    in_list: bool = True
    in_search: bool = True
    whole: bool = False


def form_arch(arch, added, title, proposed=(), rows=None):
    """Return an inherited form arch that shows the fields in a group of their own, before the notebook if there is one.

    :param arch: the primary view as an element
    :param added: fields of the form's own model
    :param title: heading of the group
    :param proposed: fields of the registry that are proposed on this form
    :param rows: name of a list of rows on the form → fields proposed in its rows
    :return: None when nothing stands on this form
    """
    data = etree.Element("data")
    if added or proposed:
        place = etree.SubElement(data, "xpath", **_place_of_group(arch))
        place.append(_group([*added, *proposed], title))
    for name, fields in (rows or {}).items():
        _add_to_rows(data, arch, name, fields, title)
    return etree.tostring(data, encoding="unicode") if len(data) else None


def _place_of_group(arch):
    if arch.find(".//sheet/notebook") is not None:
        return {"expr": "//sheet/notebook", "position": "before"}
    if arch.find(".//sheet") is not None:
        return {"expr": "//sheet", "position": "inside"}
    return {"expr": "/form", "position": "inside"}


def _group(fields, title):
    group = etree.Element("group", name="studio_fields", string=title, col="4")
    for field in fields:
        group.append(_field(field))
    return group


def _field(field, **attributes):
    node = etree.Element("field", name=field.technical_name, **attributes)
    if field.required:
        node.set("required", "1")
    if field.kind == "many2one":
        node.set("options", "{'no_create': True, 'no_open': True}")
    if field.kind == "text" and not attributes:
        node.set("colspan", "4")
    return node


def _add_to_rows(data, arch, name, fields, title):
    """Add the fields to the list ``name`` and to the form of its rows, where the view has them inline."""
    if (rows := arch.find(f".//field[@name='{name}']/list")) is not None:
        path = f"//field[@name='{name}']/list"
        buttons = rows.find("control") is not None
        place = etree.SubElement(
            data, "xpath", expr=f"{path}/control" if buttons else path, position="before" if buttons else "inside")
        # rows that are filled in in place have no form: all kinds stand in the list then
        editable = rows.get("editable")
        for field in fields:
            if editable or (field.in_list and field.kind != "text"):
                place.append(_field(field, optional="show"))
    if (form := arch.find(f".//field[@name='{name}']/form")) is not None:
        path = f"//field[@name='{name}']/form"
        place = etree.SubElement(
            data, "xpath", expr=f"{path}/sheet" if form.find("sheet") is not None else path, position="inside")
        place.append(_group(fields, title))


def list_arch(_arch, added, _title, _proposed=(), _rows=None):
    """Return an inherited list arch with one optional column per added field; long texts stay out."""
    data = etree.Element("xpath", expr="/list", position="inside")
    for field in added:
        if field.in_list and field.kind != "text":
            etree.SubElement(data, "field", name=field.technical_name, optional="show")
    return etree.tostring(data, encoding="unicode") if len(data) else None


def search_arch(_arch, added, _title, _proposed=(), _rows=None):
    """Return an inherited search arch: a search field each, a group-by where grouping makes sense."""
    data = etree.Element("xpath", expr="/search", position="inside")
    wanted = [field for field in added if field.in_search]
    for field in wanted:
        etree.SubElement(data, "field", name=field.technical_name, **({"operator": "="} if field.whole else {}))
    groupable = [field for field in wanted if field.kind in GROUPABLE and not field.whole]
    group = etree.SubElement(data, "group") if groupable else None
    for field in groupable:
        etree.SubElement(
            group, "filter", name=f"group_{field.technical_name}", string=field.name,
            context=repr({"group_by": field.technical_name}))
    return etree.tostring(data, encoding="unicode") if len(data) else None


BUILDERS = {"form": form_arch, "list": list_arch, "search": search_arch}
