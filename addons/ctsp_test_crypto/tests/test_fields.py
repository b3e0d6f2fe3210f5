import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from .common import CLEAR, VALUES, SecretCase

NAMES = ("mobile", "id_number", "email", "born_on", "remark", "facts", "seal")


@tagged("post_install", "-at_install")
class TestEncryptedFields(SecretCase):
    """Clear for the code, ciphertext in the table."""

    def assertHolds(self, record, values):
        for name in NAMES:
            self.assertEqual(record[name], values[name], name)

    def test_nothing_in_clear(self):
        """A created row holds none of its values in clear, in no column, and gives all of them back."""
        row = self.stored(self.secret)
        text = b"|".join(one if isinstance(one, bytes) else str(one).encode() for one in row).decode("latin-1").lower()
        for value in CLEAR:
            self.assertNotIn(value.encode().decode("latin-1").lower(), text)
        self.assertIn(b"A".decode(), row)
        self.env.invalidate_all()
        self.assertHolds(self.secret, VALUES)
        self.assertEqual(self.secret.remark_length, len(VALUES["remark"]))

    def test_equal_values_differ(self):
        """Equal values give different ciphertexts, in rows and in fields."""
        twin = self.secret.copy({"id_number": False, "email": VALUES["mobile"]})
        self.assertNotEqual(self.stored(twin, "mobile"), self.stored(self.secret, "mobile"))
        self.assertNotEqual(self.stored(twin, "mobile"), self.stored(twin, "email"))
        self.assertNotEqual(self.stored(twin, "crypto_uuid"), self.stored(self.secret, "crypto_uuid"))
        self.env.invalidate_all()
        self.assertEqual(twin.mobile, VALUES["mobile"])
        self.assertEqual(twin.born_on, VALUES["born_on"])
        self.assertFalse(twin.id_number)

    def test_write(self):
        """Writing replaces ciphertext and index; unchanged fields keep theirs; empty is NULL."""
        before = dict(zip(NAMES, self.stored(self.secret, *NAMES), strict=True))
        self.secret.write({"mobile": "02163770000", "remark": False, "born_on": "1991-04-08", "facts": {"n": 1}})
        after = dict(zip(NAMES, self.stored(self.secret, *NAMES), strict=True))
        changed = {name for name in NAMES if before[name] != after[name]}
        self.assertEqual(changed, {"mobile", "remark", "born_on", "facts"})
        self.assertIsNone(after["remark"])
        self.assertEqual(self.secret.remark_length, 0)
        self.env.invalidate_all()
        self.assertEqual(self.secret.mobile, "02163770000")
        self.assertEqual(self.secret.born_on, datetime.date(1991, 4, 8))
        self.assertEqual(self.secret.facts, {"n": 1})
        self.assertFalse(self.secret.remark)
        self.secret.write({"mobile": ""})
        self.assertEqual(self.stored(self.secret, "mobile", "crypto_index_mobile", "crypto_prefix_mobile"), (None,) * 3)

    def test_identity_is_fixed(self):
        """Nobody sets or changes the identity of a row, the superuser included."""
        wanted = "00000000-0000-4000-8000-000000000000"
        made = self.Secret.create({"name": "B", "crypto_uuid": wanted})
        self.assertNotEqual(made.crypto_uuid, wanted)
        with self.assertRaises(AccessError):
            self.secret.crypto_uuid = wanted
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def test_swapped(self):
        """A ciphertext copied from another row or field does not open; its neighbours still do."""
        other = self.Secret.create({"name": "B", "mobile": "13900000000", "email": "b@example.org"})
        foreign = {"mobile": self.stored(self.secret, "mobile")[0], "email": self.stored(other, "mobile")[0]}
        for name, value in foreign.items():
            with self.subTest(name), self.assertLogs("odoo.addons.ctsp_crypto"):
                self.set_stored(other, name, value)
                self.assertEqual((self.secret | other).mapped("name"), ["A", "B"])
                self.assertEqual(self.secret.mobile, VALUES["mobile"])
                with self.assertRaises(CryptoAltered):
                    other[name]
            shown = (self.secret | other).web_read({name: {}, "mobile_masked": {}})
            self.assertEqual(shown[0][name], VALUES[name])
            self.assertEqual(shown[1][name], "(cannot be decrypted)")
            with self.assertRaises(CryptoAltered):
                other.read([name])
        other.write({"mobile": "13900000001", "email": False})
        self.env.invalidate_all()
        self.assertEqual(other.mobile, "13900000001", "what was altered can be replaced")

    def test_altered(self):
        """A flipped bit, a cut or foreign content does not open."""
        value = self.stored(self.secret, "mobile")[0]
        for bad in (value[:-1] + bytes([value[-1] ^ 1]), value[:9], b"13800000000", b"\x01\xff\xff" + value[3:], b""):
            self.set_stored(self.secret, "mobile", bad)
            with self.subTest(bad), self.assertRaises(CryptoAltered), self.assertLogs("odoo.addons.ctsp_crypto"):
                self.secret.mapped("mobile")

    def test_identity_swapped(self):
        """A row whose identity was altered opens no more."""
        self.set_stored(self.secret, "crypto_uuid", "00000000-0000-4000-8000-000000000000")
        with self.assertRaises(CryptoAltered), self.assertLogs("odoo.addons.ctsp_crypto"):
            self.secret.mapped("email")

    def test_batches(self):
        """One call of the provider for a batch of rows, whether created, read or written."""
        with self.calls("_encrypt") as sizes:
            made = self.Secret.create([
                {"name": str(number), "mobile": f"1380000{number:04}", "email": f"{number}@x.cn"}
                for number in range(50)])
            self.env.flush_all()
        self.assertEqual(sizes, [100])
        self.env.invalidate_all()
        with self.calls("_decrypt") as sizes:
            self.assertEqual(made.mapped("mobile")[49], "13800000049")
            made.mapped("email")
        self.assertEqual(sizes, [50, 50])
        with self.calls("_encrypt") as sizes:
            for number, record in enumerate(made):
                record.email = f"{number}@y.cn"
            self.env.flush_all()
        self.assertEqual(sizes, [50])

    def test_not_decrypted_in_vain(self):
        """Reading other fields decrypts nothing."""
        self.env.invalidate_all()
        with self.calls("_decrypt") as sizes:
            self.secret.read(["name", "plain", "holder_id"])
            self.secret.mapped("plain")
        self.assertEqual(sizes, [])

    def test_queries(self):
        """A list of encrypted values takes as many queries for 80 rows as for 8."""
        rows = self.Secret.create([{"name": f"N{number}", "mobile": f"138{number:08}"} for number in range(80)])
        specification = {"name": {}, "mobile": {}, "mobile_masked": {}, "born_on": {}}

        def queries(size):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Secret.web_search_read([("id", "in", rows.ids)], specification, limit=size)
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(80), queries(8))

    def test_one_query_for_create_and_write(self):
        """Encrypting costs no query of its own: one INSERT; one UPDATE of what was read before."""
        self.env.invalidate_all()
        self.secret.mapped("mobile")
        self.secret._write({"mobile": "13900000001"})  # the keys are read once
        with self.assertQueryCount(1):
            self.secret._write({"mobile": "13900000000"})

    def test_form_and_onchange(self):
        """A form creates, shows and changes them."""
        Secret = self.Secret.with_user(self.role("filing_officer", personal=True))
        with Form(Secret) as form:
            form.name = "C"
            form.mobile = "13700000000"
            form.born_on = "1980-01-01"
        made = form.record
        self.env.invalidate_all()
        self.assertEqual((made.mobile, made.born_on), ("13700000000", datetime.date(1980, 1, 1)))
        with Form(made) as form:
            self.assertEqual(form.mobile, "13700000000")
            form.remark = "R"
        self.assertEqual(made.remark, "R")
        self.assertEqual(made.mobile, "13700000000")

    def test_web_save_and_read(self):
        result = self.Secret.browse().web_save(
            {"name": "D", "mobile": "13600000000"}, {"mobile": {}, "mobile_masked": {}})
        self.assertEqual(result[0]["mobile"], "13600000000")
        self.assertEqual(result[0]["mobile_masked"], "136****0000")

    def test_related(self):
        """Related fields read, write and search through; inherited ones too."""
        holder = self.env["ctsp.test.secret.holder"].create({"name": "H", "first_id": self.secret.id})
        self.assertEqual(holder.first_mobile, VALUES["mobile"])
        holder.first_email = "new@example.org"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.secret.email, "new@example.org")
        self.assertEqual(holder.search([("first_mobile", "=", "13812345678")]), holder)
        card = self.env["ctsp.test.secret.card"].create({"number": "1", "name": "E", "mobile": "13500000000"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(card.mobile, "13500000000")
        self.assertEqual(card.search([("mobile", "=", "135 0000 0000")]), card)

    def test_copy_export_delete(self):
        copy = self.secret.copy({"id_number": False})
        self.assertEqual(copy.mobile, VALUES["mobile"])
        exported = self.secret.export_data(["mobile", "born_on"])["datas"][0]
        self.assertEqual([str(value) for value in exported], [VALUES["mobile"], "1990-03-07"])
        self.assertTrue(copy.unlink())

    def test_load(self):
        """Odoo's own import writes them encrypted."""
        result = self.Secret.load(["name", "mobile", "born_on"], [["L", "13411112222", "1970-12-31"]])
        made = self.Secret.browse(result["ids"])
        self.assertEqual(len(made), 1, result["messages"])
        self.assertNotIn(b"13411112222", self.stored(made, "mobile")[0])
        self.env.invalidate_all()
        self.assertEqual((made.mobile, made.born_on), ("13411112222", datetime.date(1970, 12, 31)))

    def test_rows_of_plain_sql(self):
        """A row inserted past the ORM has an identity of its own."""
        self.env.cr.execute("INSERT INTO ctsp_test_secret (name) VALUES ('P'), ('Q') RETURNING id")
        rows = self.Secret.browse(id_ for id_, in self.env.cr.fetchall())
        self.assertEqual(len(set(rows.mapped("crypto_uuid"))), 2)
        rows.mobile = "13800000000"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("mobile"), ["13800000000"] * 2)

    def test_ciphertext_says_its_key(self):
        """Format and version of the key stand in front, so that an older one is found for reading."""
        version = self.env["ctsp.crypto"]._encrypt(self.Secret._fields["mobile"].purpose, [(b"x", b"")]).version
        self.assertEqual(self.stored(self.secret, "mobile")[0][:3], b"\x01" + version.to_bytes(2, "big"))

    def test_new_record(self):
        """Records that are only in memory hold clear values and no identity."""
        new = self.Secret.new({"name": "N", "mobile": "138"}, origin=self.secret)
        self.assertEqual(new.mobile, "138")
        self.assertEqual(new.id_number, VALUES["id_number"])

    def test_binary_size(self):
        self.env.invalidate_all()
        self.assertIn("bytes", self.secret.with_context(bin_size=True).seal)
        self.env.invalidate_all()
        self.assertEqual(self.secret.seal, VALUES["seal"])

    def test_undeclared(self):
        """A clear column cannot be a copy of an encrypted one."""
        holder = self.env["ctsp.test.secret.holder"]
        field = holder._fields["first_mobile"]
        with self.assertRaises(TypeError):
            self.patch(field, "store", True)
            type(holder)._post_model_setup__(holder)

    def test_failing_provider(self):
        """When the provider cannot be asked nothing is saved in clear."""
        door = type(self.env["ctsp.crypto"])

        def down(*args, **kwargs):
            raise UserError("down")

        self.patch(door, "_encrypt", down)
        with self.assertRaises(UserError):
            self.Secret.create({"name": "F", "mobile": "13800000000"})
        with self.assertRaises(UserError):
            self.secret.mobile = "13800000000"
            self.env.flush_all()
        self.env.invalidate_all(flush=False)
