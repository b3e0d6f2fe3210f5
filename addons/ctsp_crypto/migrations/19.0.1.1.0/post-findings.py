def migrate(cr, version):
    """Each finding is one row from now on, whichever verifications found it: of nightly copies the first stays, with
    the day it was found last.
    """
    if not version:
        return
    cr.execute("""
        CREATE TEMPORARY TABLE same ON COMMIT DROP AS
            SELECT id, verification_id, create_date,
                   min(id) OVER (PARTITION BY kind, model, res_id, field_name, revision) AS kept
              FROM ctsp_integrity_issue;
        INSERT INTO ctsp_integrity_issue_verification_rel (issue_id, verification_id)
            SELECT DISTINCT kept, verification_id FROM same WHERE verification_id IS NOT NULL ON CONFLICT DO NOTHING;
        DELETE FROM ctsp_integrity_issue WHERE id IN (SELECT id FROM same WHERE id <> kept);
        UPDATE ctsp_integrity_issue i SET last_date = found.last
          FROM (SELECT kept, max(create_date) AS last FROM same GROUP BY kept) found WHERE found.kept = i.id""")
