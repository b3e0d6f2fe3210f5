"""The language of what is written down for good: the authority's own, whoever's session or job writes it."""


def in_record_language(records):
    """Return ``records`` with the language of the company in the context."""
    env = records.env
    # the name of a language, read by whoever makes the step, outside users included
    language = env.company.sudo().partner_id.lang or env.lang
    return records.with_context(lang=language)
