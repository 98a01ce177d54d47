#!/bin/sh
# Runs once, when the database's folder is empty: the role that serves, and the role that owns the tables.
set -eu
# Apart, so that a file that is missing stops the script.
app_password=$(cat /run/secrets/database)
owner_password=$(cat /run/secrets/database-owner)
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
  --set app_password="$app_password" --set owner_password="$owner_password" <<'SQL'
CREATE ROLE poort_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE poort_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE poort OWNER poort_owner;
REVOKE ALL ON DATABASE poort FROM PUBLIC;
GRANT CONNECT ON DATABASE poort TO poort_app;
SQL
