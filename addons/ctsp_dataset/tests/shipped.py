"""What every data set that comes with the platform has to show; each addon says which rows break its rules."""
from datetime import date

from ..tools import sample
from ..tools.definition import problems
from ..tools.validator import Validator

TODAY = date(2026, 6, 1)


class ShippedDataSets:
    """Fields that explain themselves, samples that are good, rules of which each can be broken and kept.

    ``rules``: data set → rule → ``(changes of the sample that break it, changes that do not …)``; ``unmet``: data set →
    rules that its sample row breaks, as it is one row of many.
    """

    allow_inherited_tests_method = True
    rules = {}
    unmet = {}

    def shipped(self):
        """Yield the definitions that ``rules`` speak of."""
        for code in self.rules:
            yield self.env["ctsp.dataset"]._find(code)._definition()

    def broken(self, definition, *rows):
        """Return the codes of the rules that rows break, and what else is found in them as ``(path, code)``."""
        validator = Validator(definition, today=lambda: TODAY)
        found = [item for number, one in enumerate(rows, 1) for item in validator.check(number, one).findings]
        found += validator.finish()
        return {item.rule: item.level for item in found if item.rule}, [
            (item.path, item.code) for item in found if not item.rule]

    def test_explained(self):
        """Every field says what to send and who asks for it, with an example; numbers a unit, texts a length."""
        for definition in self.shipped():
            self.assertFalse(problems(definition))
            for path, item in definition.walk():
                wanted = ["definition", "source"] + ["example"] * (item.type != "list")
                wanted += ["unit", "minimum", "maximum"] if item.type in ("integer", "decimal") else []
                wanted += ["length"] if item.type in ("string", "text", "list") else []
                missing = [name for name in wanted if not getattr(item, name)]
                self.assertFalse(missing, f"{definition.code}.{path}")
                self.assertNotEqual(item.definition, item.name, f"{definition.code}.{path}")
            for rule in definition.rules:
                self.assertTrue(rule.source and (rule.hint or rule.kind == "unique"), f"{definition.code}.{rule.code}")

    def test_samples_are_good(self):
        """Twenty sample rows break nothing, and an example that is left out breaks a rule beside the others."""
        for definition in self.shipped():
            made, _expected = sample.rows(definition, 20)
            unmet = self.unmet.get(definition.code, set())
            found, other = self.broken(definition, *made)
            self.assertEqual((set(found), other), (unmet, []), definition.code)
            for item in definition.fields:
                if item.example and item.code not in made[0]:
                    example = {**made[0], item.code: sample.example(item)}
                    self.assertTrue(set(self.broken(definition, example)[0]) - unmet, f"{definition.code}.{item.code}")

    def test_rules(self):
        """Each rule is broken by a row that is wrong in nothing else the field itself tells, and kept by others."""
        for definition in self.shipped():
            cases = self.rules[definition.code]
            self.assertEqual(set(cases), {rule.code for rule in definition.rules}, definition.code)
            for rule in definition.rules:
                for place, changes in enumerate(cases[rule.code]):
                    found, other = self.changed(definition, rule, changes)
                    self.assertEqual((found.get(rule.code), other), (None if place else rule.level, []),
                                     f"{definition.code}.{rule.code}: {changes}")

    def changed(self, definition, rule, changes):
        """Check a changed sample row, a second one where the rule is about several; None takes a value away."""
        made, _expected = sample.rows(definition, 2 if rule.kind == "unique" else 1)
        made[-1] = {code: value for code, value in {**made[-1], **changes}.items() if value is not None}
        return self.broken(definition, *made)
