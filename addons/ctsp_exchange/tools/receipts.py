from odoo.tools import SQL

FAILED_THERE = SQL("""
    m.direction = 'out' AND m.state = 'done' AND m.receipt_state = 'dead' AND NOT EXISTS (
        SELECT FROM ctsp_exchange_message newer
         WHERE newer.type_id = m.type_id AND newer.business_id = m.business_id AND newer.version > m.version
           AND newer.receipt_state = 'done')""")
"""of a message ``m``: it was delivered, its receiver could not apply it, and applied no newer one either"""

FAILED_BY_TYPE = SQL("""
    SELECT m.type_id, count(*) AS failed_there FROM ctsp_exchange_message m
     WHERE m.receipt_state = 'dead' AND %s GROUP BY m.type_id""", FAILED_THERE)
