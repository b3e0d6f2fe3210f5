-- Roles and rights for a database server of your own; run once as its administrator:
--   psql -v odoo_password=… -v owner_password=… -v backup_password=… -f roles.sql
-- Odoo signs in as ctsp. The database and the append-only tables belong to ctsp_owner, whose password Odoo's
-- configuration does not hold: PostgreSQL lets a schema's owner drop every table in it. ctsp_backup reads everything
-- and changes nothing (scripts/backup); restoring is the server's administrator's work.
CREATE ROLE ctsp LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'odoo_password';
CREATE ROLE ctsp_owner LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'owner_password';
CREATE ROLE ctsp_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'backup_password';
GRANT pg_read_all_data TO ctsp_backup;
CREATE DATABASE ctsp OWNER ctsp_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
\connect ctsp
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION btree_gin;
ALTER FUNCTION unaccent(text) IMMUTABLE;
REVOKE ALL ON DATABASE ctsp FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ctsp TO ctsp;
GRANT USAGE, CREATE ON SCHEMA public TO ctsp;
GRANT CONNECT ON DATABASE ctsp TO ctsp_backup;
