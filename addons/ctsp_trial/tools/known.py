"""What the rows of one submission are looked up by, looked up once."""


class Known:
    """Records that rows name: of dictionaries, of the reporting institution, sponsors, and the trials of a batch."""

    def __init__(self, env, institution):
        self.env, self.institution = env, institution
        self._found = {}
        self.trials, self.fresh = {}, set()

    def _once(self, key, look):
        if key not in self._found:
            self._found[key] = look()
        return self._found[key]

    def code(self, dictionary, code):
        """Return the id of a dictionary's item, False where there is none."""
        items = self.env["ctsp.dictionary.item"]
        return self._once((dictionary, code), lambda: items._item(dictionary, code).id) if code else False

    def own(self, model, name):
        """Return the institution's records of that name, two at most."""
        domain = [("institution_id", "=", self.institution.id), ("name", "=", name)]
        return self._once((model, name), lambda: self.env[model].search(domain, limit=2))

    def sponsors(self, text):
        """Return ``(organisations, names of which there is none)`` of names with “、” between them."""
        return self._once(("sponsors", text), lambda: self._sponsors(text))

    def _sponsors(self, text):
        names = [name.strip() for name in text.split("、") if name.strip()]
        found = self.env["ctsp.organization"].search([("name", "in", names)])
        return found, sorted(set(names) - set(found.mapped("name")))

    def look_up(self, numbers):
        """Have the trials of these registration numbers at hand; return the numbers of which there is none."""
        found = self.env["ctsp.trial"].with_context(active_test=False).search([("ctr_no", "in", numbers)])
        self.trials, self.fresh = {trial.ctr_no: trial for trial in found}, set()
        return [number for number in dict.fromkeys(numbers) if number not in self.trials]
