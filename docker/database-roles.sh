#!/bin/sh
# First start of the database container: roles, database, extensions and rights.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set odoo_password="$CTSP_DB_PASSWORD" \
    --set owner_password="$CTSP_DB_OWNER_PASSWORD" --set backup_password="$CTSP_DB_BACKUP_PASSWORD" --file /roles.sql
