import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.orm.model_classes import add_field

from ..fields import Encrypted
from ..fields_technical import BlindIndex, BlindPrefixes, RowUuid
from ..tools import columns, naming, sealing


class EncryptedMixin(models.AbstractModel):
    """A class some of whose fields are encrypted in the database (``odoo.addons.ctsp_crypto.fields``).

    It gives each row the random, immutable identity its ciphertexts are bound to, encrypts what is created or flushed
    in one call for all rows and fields, and keeps the blind indexes. The declaration is on the field::

        mobile = EncryptedChar("Telephone", blind="digits")
    """

    _name = "ctsp.encrypted.mixin"
    _description = "Encrypted Fields Mixin"

    _encrypted_names = ()
    """names of the encrypted columns, filled in when the class is set up"""

    crypto_uuid = RowUuid("Identity for Encryption", groups=fields.NO_ACCESS)

    _crypto_uuid_unique = models.UniqueIndex("(crypto_uuid)")

    @api.model
    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        if not self._abstract:
            own = [field for field in self._fields.values() if isinstance(field, Encrypted) and field.store]
            type(self)._encrypted_names = tuple(field.name for field in own)
            for field in own:
                self._add_indexes(field)
        return result

    @api.model
    def _add_indexes(self, field):
        if field.blind:
            self._add_companion(field, naming.index(field.name), BlindIndex, "index")
        if field.blind and field.prefixes:
            self._add_companion(field, naming.prefix(field.name), BlindPrefixes, "beginnings")

    @api.model
    def _add_companion(self, field, name, kind, label):
        if name in self._fields:
            return
        companion = kind(f"{field.string} ({label})", groups=fields.NO_ACCESS)
        setattr(type(self), name, companion)
        add_field(type(self), name, companion)
        companion._module = field._module
        companion.prepare_setup()
        companion.setup(self)

    def init(self):
        super().init()
        for name in self._encrypted_names:
            if naming.prefix(name) in self._fields:
                columns.index_prefixes(self, naming.prefix(name))

    # ---- reading

    def web_read(self, specification):
        """Show people which value cannot be decrypted instead of showing nothing; interfaces are refused."""
        return super(EncryptedMixin, self.with_context(crypto_broken=sealing.SHOWN)).web_read(specification)

    # ---- writing

    @api.model_create_multi
    def create(self, vals_list):
        """Store at once encrypted what is written to a clear field that an encrypted one replaces."""
        replaced = {field.replaces: field.name for field in sealing.fields_of(self) if field.replaces}
        if replaced:
            vals_list = [{replaced.get(name, name): value for name, value in vals.items()} for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _create(self, data_list):
        """Encrypt the rows to be inserted. The cache gets the clear values, the INSERT the others."""
        rows = []
        for data in data_list:
            stored = data["stored"] = sealing.Stored(data["stored"])
            identity = uuid.uuid4()
            rows.append((identity.bytes, self._encrypted_part(stored)))
            stored[naming.UUID] = str(identity)
        for data, sealed in zip(data_list, sealing.seal(self, rows), strict=True):
            stored = data["stored"]
            for name, value in sealed.items():
                if name in stored:
                    stored.sealed |= {name: value} if value is not None else {}
                else:
                    stored[name] = value  # a blind index
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Encrypt what is flushed, all rows in one call."""
        places = [place for place, vals in enumerate(vals_list) if not vals.keys().isdisjoint(self._encrypted_names)]
        if any(naming.UUID in vals for vals in vals_list):
            raise AccessError(self.env._("The identity of a row never changes: its ciphertexts are bound to it."))
        if places:
            identities = self.browse([self._ids[place] for place in places])._crypto_identities()
            rows = [(identities[self._ids[place]], self._encrypted_part(vals_list[place])) for place in places]
            vals_list = list(vals_list)
            for place, sealed in zip(places, sealing.seal(self, rows), strict=True):
                adapted = {name: sealing.adapted(value) for name, value in sealed.items()}
                vals_list[place] = {**vals_list[place], **adapted}
        return super()._write_multi(vals_list)

    @api.model
    def _encrypted_part(self, values):
        """Return the values of encrypted fields among ``values``, in the form of the cache."""
        return {
            name: self._fields[name].convert_to_cache(values[name], self, validate=False)
            for name in self._encrypted_names if name in values
        }

    def _crypto_identities(self):
        """Return ``{id: uuid as bytes}``: from the cache, where reading left it, else in one query."""
        known = self._fields[naming.UUID]._get_cache(self.env)
        missing = [id_ for id_ in self._ids if not known.get(id_)]
        if missing:
            known.update(columns.uuids(self, missing))
        return {id_: naming.uuid_bytes(known[id_]) for id_ in self._ids}

    # ---- searching by name

    @api.model
    def _search_display_name(self, operator, value):
        """Find by an encrypted field where the whole value is given; its parts cannot be found."""
        names = self._rec_names_search or ([self._rec_name] if self._rec_name else [])
        sealed = [name for name in names if name in self._encrypted_names]
        if not (sealed and operator.endswith("like") and value):
            return super()._search_display_name(operator, value)
        negative = operator in Domain.NEGATIVE_OPERATORS
        domains = [
            Domain(name, "not in" if negative else "in", [value])
            for name in sealed if self._has_field_access(self._fields[name], "read")
        ]
        domains += [
            Domain(f"{name}.display_name" if self._fields[name].relational else name, operator, value)
            for name in names if name not in sealed
        ]
        return (Domain.AND if negative else Domain.OR)(domains)
