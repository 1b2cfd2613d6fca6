-- Text is ordered by its bytes, as on SQLite, whatever the database's own order is: ranges of hosts and keys rely on it.
DO $$
DECLARE
    found RECORD;
BEGIN
    FOR found IN
        SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type_name
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
            AND a.attnum > 0 AND NOT a.attisdropped AND o.collname <> 'C' AND c.relname <> 'flyway_schema_history'
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE %s COLLATE "C"',
            found.table_name, found.column_name, found.type_name);
    END LOOP;
END
$$;
