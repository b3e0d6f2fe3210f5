"""Somebody with the owner's role edits the log: every change is found and named, and nothing else is."""
import json

from conftest import TAMPERS, verified

CLEAN = TAMPERS * 500  # rows that nobody touches: 100,000 in the whole drill

WRITE = """
port = env["ctsp.audit.port"]
for start in range(0, {count}, 2000):
    rows = []
    for number in range(start, min(start + 2000, {count})):
        row = port._row("export", env.user, {{"note": "行%s" % number, "rows": number}}, success=True)
        row["before"], row["after"] = {{"a": number}}, {{"a": number + 1}}
        row["ip"], row["record_name"] = "10.0.0.%s" % (number % 200), "记录%s" % number
        rows.append(row)
    port._write_rows(env.cr, rows)
env.cr.commit()
env["ctsp.audit.sealer"]._cron_seal()
"""

#: column → how a hand would change it
CHANGES = {
    "login": "'somebody'", "user_id": "coalesce(user_id, 0) + 1", "ip": "'10.9.9.9'", "event": "'read'",
    "date": "date + interval '1 second'", "detail": "'{\"note\": \"x\"}'", "before": "'{\"a\": -1}'", "after": "NULL",
    "success": "NOT success", "record_name": "'另一条'", "res_count": "res_count + 1",
}


def test_every_change_is_named(platform, hands, chance):
    platform.shell(WRITE.format(count=CLEAN + 3 * TAMPERS))
    clean = verified(platform)
    assert clean["count"] == 0, f"false alarm: {clean['issues'][:5]}"
    assert clean["rows"] >= CLEAN

    numbers = [row[0] for row in hands(  # rows with a value in every column that is changed
        "SELECT id FROM ctsp_audit_entry WHERE event = 'export' AND record_name LIKE '记录%%' ORDER BY id")]
    chosen = chance.sample(numbers, 2 * TAMPERS)
    expected = set()
    for turn in range(TAMPERS):
        first, second = chosen.pop(), chosen.pop()
        expected |= ATTACKS[turn % len(ATTACKS)](hands, chance, first, second)
    found = verified(platform)
    assert {tuple(issue) for issue in found["issues"]} == expected
    assert found["count"] == len(expected)


def test_the_end_cut_off(platform, hands):
    """The newest link and its rows disappear without a gap: the checkpoint outside the database knows better."""
    platform.shell(WRITE.format(count=50))
    last = hands("SELECT max(id) FROM ctsp_audit_seal")[0][0]
    hands("DELETE FROM ctsp_audit_entry WHERE id IN (SELECT log_id FROM ctsp_audit_seal_row WHERE seal_id = %s)", last)
    hands("DELETE FROM ctsp_audit_seal_row WHERE seal_id = %s", last)
    hands("DELETE FROM ctsp_audit_seal WHERE id = %s", last)
    assert "cut" in {issue[0] for issue in verified(platform)["issues"]}


def test_a_link_rewritten(platform, hands):
    """A seal that was made to fit what was done to its rows breaks the chain."""
    seal = hands("SELECT id FROM ctsp_audit_seal ORDER BY id LIMIT 1")[0][0]
    hands("UPDATE ctsp_audit_seal SET digest = repeat('0', 64) WHERE id = %s", seal)
    assert ("seal", 0) in {tuple(issue[:2]) for issue in verified(platform)["issues"]}


def test_the_list_of_a_seal_shortened(platform, hands):
    """Rows taken off a seal's list: the seal says how many and which there were."""
    platform.shell(WRITE.format(count=50))
    last = hands("SELECT max(id) FROM ctsp_audit_seal")[0][0]
    gone = hands("DELETE FROM ctsp_audit_seal_row WHERE seal_id = %s AND log_id = "
                 "(SELECT min(log_id) FROM ctsp_audit_seal_row WHERE seal_id = %s) RETURNING log_id", last, last)
    assert gone
    assert ("seal", 0, "digest") in {tuple(issue) for issue in verified(platform)["issues"]}


def change_a_field(hands, chance, first, _second):
    column = chance.choice(sorted(CHANGES))
    hands(f"UPDATE ctsp_audit_entry SET {column} = {CHANGES[column]} WHERE id = %s", first)
    return {("altered", first, column)}


def delete_a_row(hands, _chance, first, _second):
    hands("DELETE FROM ctsp_audit_entry WHERE id = %s", first)
    return {("missing", first, "")}


def insert_a_row(hands, _chance, first, _second):
    """A copy of a genuine row, codes and all, under a number that is free."""
    number = hands("SELECT max(id) + 1 FROM ctsp_audit_entry")[0][0]
    names = [row[0] for row in hands(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'ctsp_audit_entry'::regclass AND attnum > 0")]
    values = ", ".join(str(number) if name == "id" else name for name in names)
    hands(f"INSERT INTO ctsp_audit_entry ({', '.join(names)}) "
          f"SELECT {values} FROM ctsp_audit_entry WHERE id = %s", first)
    return {("added", number, "")}


def swap_contents(hands, _chance, first, second):
    """Two rows exchange their ``after`` with its code: each code is bound to its row."""
    rows = dict(hands("SELECT id, row_to_json(e)::text FROM ctsp_audit_entry e WHERE id IN (%s, %s)", first, second))
    rows = {number: json.loads(text) for number, text in rows.items()}
    for number, other in ((first, second), (second, first)):
        codes = rows[number]["macs"] | {"after": rows[other]["macs"]["after"]}
        hands("UPDATE ctsp_audit_entry SET after = %s, macs = %s WHERE id = %s",
              json.dumps(rows[other]["after"]), json.dumps(codes), number)
    return {("altered", first, "after"), ("altered", second, "after")}


def copy_a_code(hands, _chance, first, second):
    hands("UPDATE ctsp_audit_entry SET mac = (SELECT mac FROM ctsp_audit_entry WHERE id = %s) WHERE id = %s",
          second, first)
    return {("altered", first, "mac")}


ATTACKS = (change_a_field, change_a_field, delete_a_row, insert_a_row, swap_contents, copy_a_code)
