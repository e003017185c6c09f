-- Generated from the Prisma schema: do not edit.
CREATE SCHEMA IF NOT EXISTS loadline;

-- Rows live for milliseconds, so it is vacuumed often and in small bites.
CREATE TABLE IF NOT EXISTS loadline.outbox (
  id bigserial NOT NULL,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  tags text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (txid, id)
) WITH (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 100000, autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE IF NOT EXISTS loadline.history (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  nonce uuid NOT NULL DEFAULT gen_random_uuid()
);
ALTER TABLE loadline.history ADD COLUMN IF NOT EXISTS keeper text, ADD COLUMN IF NOT EXISTS kept_at timestamptz;
INSERT INTO loadline.history DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Deferred triggers would write after this and before COMMIT: they run now.
CREATE OR REPLACE FUNCTION loadline.own_rows() RETURNS SETOF loadline.outbox LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  RETURN QUERY SELECT * FROM loadline.outbox AS o WHERE o.txid = pg_current_xact_id_if_assigned();
END
$$;

DO $$
DECLARE earlier regprocedure;
BEGIN
  FOR earlier IN
    SELECT oid FROM pg_proc WHERE pronamespace = 'loadline'::regnamespace AND prorettype = 'trigger'::regtype
  LOOP
    EXECUTE 'DROP FUNCTION ' || earlier || ' CASCADE';
  END LOOP;
END
$$;

CREATE FUNCTION loadline.capture_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names text[] := TG_ARGV;
BEGIN
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION loadline."Person_insert"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."name", r."role", EXISTS (SELECT FROM new_rows OFFSET 1) AS "more rows"
    INTO one FROM new_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Person~', 'Person.*'];
  ELSE
    names := array_remove(ARRAY['Person~', 'Person.*'], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_insert AFTER INSERT ON "people" REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Person_insert"();
ALTER TABLE "people" ENABLE ALWAYS TRIGGER loadline_insert;

CREATE FUNCTION loadline."Person_update"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  b record;
  a record;
  suffix text;
  suffixes text[];
  scopes text[];
  names text[];
BEGIN
  SELECT r."id", r."name", r."role", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO b FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF b."more rows" THEN
    names := (
      WITH pairs AS (
        SELECT num_nulls(o."id", n."id") = 0 AS is_paired,
          false AS is_moving,
          'Person:' || o."id"::text AS row_name,
          array_remove(ARRAY[CASE WHEN n."name"::text COLLATE "C" IS DISTINCT FROM o."name"::text THEN '/name' END, CASE WHEN n."role" IS DISTINCT FROM o."role" THEN '/role' END], NULL) AS changed
        FROM old_rows AS o FULL JOIN new_rows AS n ON n."id" = o."id"
      ), changes AS MATERIALIZED (
        SELECT *, NOT is_paired OR is_moving AS is_moved,
          CASE WHEN is_paired THEN changed ELSE '{}' END AS suffixes
        FROM pairs WHERE NOT is_paired OR changed <> '{}'
      )
      SELECT ARRAY['Person~']
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Person:~'] ELSE array_agg(name) END
        FROM (SELECT row_name AS name FROM changes WHERE row_name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT array_agg(DISTINCT 'Person.*' || suffix) FROM changes, unnest(suffixes) AS suffix)
        || CASE WHEN EXISTS (SELECT FROM changes WHERE is_moved) THEN ARRAY['Person.*'] END
      WHERE EXISTS (SELECT FROM changes));
    IF names IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    SELECT r."id", r."name", r."role" INTO a FROM new_rows AS r;
    names := ARRAY['Person~', 'Person:' || b."id"::text];
    IF a."id" IS DISTINCT FROM b."id" THEN
      names := names || ARRAY['Person.*'];
    ELSE
      suffixes := array_remove(ARRAY[CASE WHEN a."name"::text COLLATE "C" IS DISTINCT FROM b."name"::text THEN '/name' END, CASE WHEN a."role" IS DISTINCT FROM b."role" THEN '/role' END], NULL);
      IF suffixes = '{}' THEN
        RETURN NULL;
      END IF;
      scopes := '{}'::text[];
      FOREACH suffix IN ARRAY suffixes LOOP
        names := names || ARRAY['Person.*' || suffix];
      END LOOP;
      
    END IF;
    names := array_remove(names, NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_update AFTER UPDATE ON "people" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Person_update"();
ALTER TABLE "people" ENABLE ALWAYS TRIGGER loadline_update;

CREATE FUNCTION loadline."Person_delete"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."name", r."role", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO one FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Person~', 'Person.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Person:~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Person:' || r."id"::text AS name FROM old_rows AS r WHERE 'Person:' || r."id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Person~', 'Person.*', 'Person:' || one."id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_delete AFTER DELETE ON "people" REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Person_delete"();
ALTER TABLE "people" ENABLE ALWAYS TRIGGER loadline_delete;

CREATE TRIGGER loadline_truncate AFTER TRUNCATE ON "people"
FOR EACH STATEMENT EXECUTE FUNCTION loadline.capture_truncate('Person~', 'Person.*', 'Person:~');
ALTER TABLE "people" ENABLE ALWAYS TRIGGER loadline_truncate;

CREATE FUNCTION loadline."Project_insert"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."title", r."is_public", r."owner_id", EXISTS (SELECT FROM new_rows OFFSET 1) AS "more rows"
    INTO one FROM new_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Project~', 'Project.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Project.ownerId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Project.ownerId=' || r."owner_id"::text AS name FROM new_rows AS r WHERE 'Project.ownerId=' || r."owner_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Project~', 'Project.*', 'Project.ownerId=' || one."owner_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_insert AFTER INSERT ON "projects" REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Project_insert"();
ALTER TABLE "projects" ENABLE ALWAYS TRIGGER loadline_insert;

CREATE FUNCTION loadline."Project_update"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  b record;
  a record;
  suffix text;
  suffixes text[];
  scopes text[];
  names text[];
BEGIN
  SELECT r."id", r."title", r."is_public", r."owner_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO b FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF b."more rows" THEN
    names := (
      WITH pairs AS (
        SELECT num_nulls(o."id", n."id") = 0 AS is_paired,
          n."owner_id" IS DISTINCT FROM o."owner_id" AS is_moving,
          'Project:' || o."id"::text AS row_name,
          'Project.ownerId=' || o."owner_id"::text AS left_0,
          'Project.ownerId=' || n."owner_id"::text AS entered_0,
          array_remove(ARRAY[CASE WHEN n."title"::text COLLATE "C" IS DISTINCT FROM o."title"::text THEN '/title' END, CASE WHEN n."is_public" IS DISTINCT FROM o."is_public" THEN '/isPublic' END, CASE WHEN n."owner_id" IS DISTINCT FROM o."owner_id" THEN '/ownerId' END], NULL) AS changed
        FROM old_rows AS o FULL JOIN new_rows AS n ON n."id" = o."id"
      ), changes AS MATERIALIZED (
        SELECT *, NOT is_paired OR is_moving AS is_moved,
          CASE WHEN is_paired THEN changed ELSE '{}' END AS suffixes
        FROM pairs WHERE NOT is_paired OR changed <> '{}'
      )
      SELECT ARRAY['Project~']
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Project:~'] ELSE array_agg(name) END
        FROM (SELECT row_name AS name FROM changes WHERE row_name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT array_agg(DISTINCT 'Project.*' || suffix) FROM changes, unnest(suffixes) AS suffix)
        || CASE WHEN EXISTS (SELECT FROM changes WHERE is_moved) THEN ARRAY['Project.*'] END
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Project.ownerId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN left_0 = entered_0 THEN ARRAY(SELECT entered_0 || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[left_0, entered_0] END) AS name
        WHERE name IS NOT NULL LIMIT 2001) AS few)
      WHERE EXISTS (SELECT FROM changes));
    IF names IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    SELECT r."id", r."title", r."is_public", r."owner_id" INTO a FROM new_rows AS r;
    names := ARRAY['Project~', 'Project:' || b."id"::text];
    IF a."id" IS DISTINCT FROM b."id" THEN
      names := names || ARRAY['Project.*', 'Project.ownerId=' || b."owner_id"::text, 'Project.ownerId=' || a."owner_id"::text];
    ELSE
      suffixes := array_remove(ARRAY[CASE WHEN a."title"::text COLLATE "C" IS DISTINCT FROM b."title"::text THEN '/title' END, CASE WHEN a."is_public" IS DISTINCT FROM b."is_public" THEN '/isPublic' END, CASE WHEN a."owner_id" IS DISTINCT FROM b."owner_id" THEN '/ownerId' END], NULL);
      IF suffixes = '{}' THEN
        RETURN NULL;
      END IF;
      scopes := ARRAY[CASE WHEN a."owner_id" IS DISTINCT FROM b."owner_id" THEN NULL ELSE 'Project.ownerId=' || a."owner_id"::text END];
      FOREACH suffix IN ARRAY suffixes LOOP
        names := names || ARRAY['Project.*' || suffix, scopes[1] || suffix];
      END LOOP;
      IF a."owner_id" IS DISTINCT FROM b."owner_id" THEN
        names := names || ARRAY['Project.*', 'Project.ownerId=' || b."owner_id"::text, 'Project.ownerId=' || a."owner_id"::text];
      END IF;
    END IF;
    names := array_remove(names, NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_update AFTER UPDATE ON "projects" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Project_update"();
ALTER TABLE "projects" ENABLE ALWAYS TRIGGER loadline_update;

CREATE FUNCTION loadline."Project_delete"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."title", r."is_public", r."owner_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO one FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Project~', 'Project.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Project:~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Project:' || r."id"::text AS name FROM old_rows AS r WHERE 'Project:' || r."id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Project.ownerId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Project.ownerId=' || r."owner_id"::text AS name FROM old_rows AS r WHERE 'Project.ownerId=' || r."owner_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Project~', 'Project.*', 'Project:' || one."id"::text, 'Project.ownerId=' || one."owner_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_delete AFTER DELETE ON "projects" REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Project_delete"();
ALTER TABLE "projects" ENABLE ALWAYS TRIGGER loadline_delete;

CREATE TRIGGER loadline_truncate AFTER TRUNCATE ON "projects"
FOR EACH STATEMENT EXECUTE FUNCTION loadline.capture_truncate('Project~', 'Project.*', 'Project:~', 'Project.ownerId~');
ALTER TABLE "projects" ENABLE ALWAYS TRIGGER loadline_truncate;

CREATE FUNCTION loadline."Issue_insert"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."title", r."status", r."opened_at", r."project_id", r."author_id", EXISTS (SELECT FROM new_rows OFFSET 1) AS "more rows"
    INTO one FROM new_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Issue~', 'Issue.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Issue.authorId=' || r."author_id"::text AS name FROM new_rows AS r WHERE 'Issue.authorId=' || r."author_id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.projectId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Issue.projectId=' || r."project_id"::text AS name FROM new_rows AS r WHERE 'Issue.projectId=' || r."project_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Issue~', 'Issue.*', 'Issue.authorId=' || one."author_id"::text, 'Issue.projectId=' || one."project_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_insert AFTER INSERT ON "issues" REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Issue_insert"();
ALTER TABLE "issues" ENABLE ALWAYS TRIGGER loadline_insert;

CREATE FUNCTION loadline."Issue_update"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  b record;
  a record;
  suffix text;
  suffixes text[];
  scopes text[];
  names text[];
BEGIN
  SELECT r."id", r."title", r."status", r."opened_at", r."project_id", r."author_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO b FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF b."more rows" THEN
    names := (
      WITH pairs AS (
        SELECT num_nulls(o."id", n."id") = 0 AS is_paired,
          n."author_id" IS DISTINCT FROM o."author_id" OR n."project_id" IS DISTINCT FROM o."project_id" AS is_moving,
          'Issue:' || o."id"::text AS row_name,
          'Issue.authorId=' || o."author_id"::text AS left_0,
          'Issue.authorId=' || n."author_id"::text AS entered_0,
          'Issue.projectId=' || o."project_id"::text AS left_1,
          'Issue.projectId=' || n."project_id"::text AS entered_1,
          array_remove(ARRAY[CASE WHEN n."title"::text COLLATE "C" IS DISTINCT FROM o."title"::text THEN '/title' END, CASE WHEN n."status" IS DISTINCT FROM o."status" THEN '/status' END, CASE WHEN n."opened_at" IS DISTINCT FROM o."opened_at" THEN '/openedAt' END, CASE WHEN n."project_id" IS DISTINCT FROM o."project_id" THEN '/projectId' END, CASE WHEN n."author_id" IS DISTINCT FROM o."author_id" THEN '/authorId' END], NULL) AS changed
        FROM old_rows AS o FULL JOIN new_rows AS n ON n."id" = o."id"
      ), changes AS MATERIALIZED (
        SELECT *, NOT is_paired OR is_moving AS is_moved,
          CASE WHEN is_paired THEN changed ELSE '{}' END AS suffixes
        FROM pairs WHERE NOT is_paired OR changed <> '{}'
      )
      SELECT ARRAY['Issue~']
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue:~'] ELSE array_agg(name) END
        FROM (SELECT row_name AS name FROM changes WHERE row_name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT array_agg(DISTINCT 'Issue.*' || suffix) FROM changes, unnest(suffixes) AS suffix)
        || CASE WHEN EXISTS (SELECT FROM changes WHERE is_moved) THEN ARRAY['Issue.*'] END
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN left_0 = entered_0 THEN ARRAY(SELECT entered_0 || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[left_0, entered_0] END) AS name
        WHERE name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.projectId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN left_1 = entered_1 THEN ARRAY(SELECT entered_1 || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[left_1, entered_1] END) AS name
        WHERE name IS NOT NULL LIMIT 2001) AS few)
      WHERE EXISTS (SELECT FROM changes));
    IF names IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    SELECT r."id", r."title", r."status", r."opened_at", r."project_id", r."author_id" INTO a FROM new_rows AS r;
    names := ARRAY['Issue~', 'Issue:' || b."id"::text];
    IF a."id" IS DISTINCT FROM b."id" THEN
      names := names || ARRAY['Issue.*', 'Issue.authorId=' || b."author_id"::text, 'Issue.authorId=' || a."author_id"::text, 'Issue.projectId=' || b."project_id"::text, 'Issue.projectId=' || a."project_id"::text];
    ELSE
      suffixes := array_remove(ARRAY[CASE WHEN a."title"::text COLLATE "C" IS DISTINCT FROM b."title"::text THEN '/title' END, CASE WHEN a."status" IS DISTINCT FROM b."status" THEN '/status' END, CASE WHEN a."opened_at" IS DISTINCT FROM b."opened_at" THEN '/openedAt' END, CASE WHEN a."project_id" IS DISTINCT FROM b."project_id" THEN '/projectId' END, CASE WHEN a."author_id" IS DISTINCT FROM b."author_id" THEN '/authorId' END], NULL);
      IF suffixes = '{}' THEN
        RETURN NULL;
      END IF;
      scopes := ARRAY[CASE WHEN a."author_id" IS DISTINCT FROM b."author_id" THEN NULL ELSE 'Issue.authorId=' || a."author_id"::text END, CASE WHEN a."project_id" IS DISTINCT FROM b."project_id" THEN NULL ELSE 'Issue.projectId=' || a."project_id"::text END];
      FOREACH suffix IN ARRAY suffixes LOOP
        names := names || ARRAY['Issue.*' || suffix, scopes[1] || suffix, scopes[2] || suffix];
      END LOOP;
      IF a."author_id" IS DISTINCT FROM b."author_id" THEN
        names := names || ARRAY['Issue.*', 'Issue.authorId=' || b."author_id"::text, 'Issue.authorId=' || a."author_id"::text];
      END IF;
      IF a."project_id" IS DISTINCT FROM b."project_id" THEN
        names := names || ARRAY['Issue.*', 'Issue.projectId=' || b."project_id"::text, 'Issue.projectId=' || a."project_id"::text];
      END IF;
    END IF;
    names := array_remove(names, NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_update AFTER UPDATE ON "issues" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Issue_update"();
ALTER TABLE "issues" ENABLE ALWAYS TRIGGER loadline_update;

CREATE FUNCTION loadline."Issue_delete"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."title", r."status", r."opened_at", r."project_id", r."author_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO one FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Issue~', 'Issue.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue:~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Issue:' || r."id"::text AS name FROM old_rows AS r WHERE 'Issue:' || r."id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Issue.authorId=' || r."author_id"::text AS name FROM old_rows AS r WHERE 'Issue.authorId=' || r."author_id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Issue.projectId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Issue.projectId=' || r."project_id"::text AS name FROM old_rows AS r WHERE 'Issue.projectId=' || r."project_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Issue~', 'Issue.*', 'Issue:' || one."id"::text, 'Issue.authorId=' || one."author_id"::text, 'Issue.projectId=' || one."project_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_delete AFTER DELETE ON "issues" REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Issue_delete"();
ALTER TABLE "issues" ENABLE ALWAYS TRIGGER loadline_delete;

CREATE TRIGGER loadline_truncate AFTER TRUNCATE ON "issues"
FOR EACH STATEMENT EXECUTE FUNCTION loadline.capture_truncate('Issue~', 'Issue.*', 'Issue:~', 'Issue.authorId~', 'Issue.projectId~');
ALTER TABLE "issues" ENABLE ALWAYS TRIGGER loadline_truncate;

CREATE FUNCTION loadline."Comment_insert"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."text", r."issue_id", r."author_id", EXISTS (SELECT FROM new_rows OFFSET 1) AS "more rows"
    INTO one FROM new_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Comment~', 'Comment.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Comment.authorId=' || r."author_id"::text AS name FROM new_rows AS r WHERE 'Comment.authorId=' || r."author_id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.issueId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Comment.issueId=' || r."issue_id"::text AS name FROM new_rows AS r WHERE 'Comment.issueId=' || r."issue_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Comment~', 'Comment.*', 'Comment.authorId=' || one."author_id"::text, 'Comment.issueId=' || one."issue_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_insert AFTER INSERT ON "comments" REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Comment_insert"();
ALTER TABLE "comments" ENABLE ALWAYS TRIGGER loadline_insert;

CREATE FUNCTION loadline."Comment_update"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  b record;
  a record;
  suffix text;
  suffixes text[];
  scopes text[];
  names text[];
BEGIN
  SELECT r."id", r."text", r."issue_id", r."author_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO b FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF b."more rows" THEN
    names := (
      WITH pairs AS (
        SELECT num_nulls(o."id", n."id") = 0 AS is_paired,
          n."author_id" IS DISTINCT FROM o."author_id" OR n."issue_id" IS DISTINCT FROM o."issue_id" AS is_moving,
          'Comment:' || o."id"::text AS row_name,
          'Comment.authorId=' || o."author_id"::text AS left_0,
          'Comment.authorId=' || n."author_id"::text AS entered_0,
          'Comment.issueId=' || o."issue_id"::text AS left_1,
          'Comment.issueId=' || n."issue_id"::text AS entered_1,
          array_remove(ARRAY[CASE WHEN n."text"::text COLLATE "C" IS DISTINCT FROM o."text"::text THEN '/text' END, CASE WHEN n."issue_id" IS DISTINCT FROM o."issue_id" THEN '/issueId' END, CASE WHEN n."author_id" IS DISTINCT FROM o."author_id" THEN '/authorId' END], NULL) AS changed
        FROM old_rows AS o FULL JOIN new_rows AS n ON n."id" = o."id"
      ), changes AS MATERIALIZED (
        SELECT *, NOT is_paired OR is_moving AS is_moved,
          CASE WHEN is_paired THEN changed ELSE '{}' END AS suffixes
        FROM pairs WHERE NOT is_paired OR changed <> '{}'
      )
      SELECT ARRAY['Comment~']
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment:~'] ELSE array_agg(name) END
        FROM (SELECT row_name AS name FROM changes WHERE row_name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT array_agg(DISTINCT 'Comment.*' || suffix) FROM changes, unnest(suffixes) AS suffix)
        || CASE WHEN EXISTS (SELECT FROM changes WHERE is_moved) THEN ARRAY['Comment.*'] END
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN left_0 = entered_0 THEN ARRAY(SELECT entered_0 || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[left_0, entered_0] END) AS name
        WHERE name IS NOT NULL LIMIT 2001) AS few)
        || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.issueId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN left_1 = entered_1 THEN ARRAY(SELECT entered_1 || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[left_1, entered_1] END) AS name
        WHERE name IS NOT NULL LIMIT 2001) AS few)
      WHERE EXISTS (SELECT FROM changes));
    IF names IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    SELECT r."id", r."text", r."issue_id", r."author_id" INTO a FROM new_rows AS r;
    names := ARRAY['Comment~', 'Comment:' || b."id"::text];
    IF a."id" IS DISTINCT FROM b."id" THEN
      names := names || ARRAY['Comment.*', 'Comment.authorId=' || b."author_id"::text, 'Comment.authorId=' || a."author_id"::text, 'Comment.issueId=' || b."issue_id"::text, 'Comment.issueId=' || a."issue_id"::text];
    ELSE
      suffixes := array_remove(ARRAY[CASE WHEN a."text"::text COLLATE "C" IS DISTINCT FROM b."text"::text THEN '/text' END, CASE WHEN a."issue_id" IS DISTINCT FROM b."issue_id" THEN '/issueId' END, CASE WHEN a."author_id" IS DISTINCT FROM b."author_id" THEN '/authorId' END], NULL);
      IF suffixes = '{}' THEN
        RETURN NULL;
      END IF;
      scopes := ARRAY[CASE WHEN a."author_id" IS DISTINCT FROM b."author_id" THEN NULL ELSE 'Comment.authorId=' || a."author_id"::text END, CASE WHEN a."issue_id" IS DISTINCT FROM b."issue_id" THEN NULL ELSE 'Comment.issueId=' || a."issue_id"::text END];
      FOREACH suffix IN ARRAY suffixes LOOP
        names := names || ARRAY['Comment.*' || suffix, scopes[1] || suffix, scopes[2] || suffix];
      END LOOP;
      IF a."author_id" IS DISTINCT FROM b."author_id" THEN
        names := names || ARRAY['Comment.*', 'Comment.authorId=' || b."author_id"::text, 'Comment.authorId=' || a."author_id"::text];
      END IF;
      IF a."issue_id" IS DISTINCT FROM b."issue_id" THEN
        names := names || ARRAY['Comment.*', 'Comment.issueId=' || b."issue_id"::text, 'Comment.issueId=' || a."issue_id"::text];
      END IF;
    END IF;
    names := array_remove(names, NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_update AFTER UPDATE ON "comments" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Comment_update"();
ALTER TABLE "comments" ENABLE ALWAYS TRIGGER loadline_update;

CREATE FUNCTION loadline."Comment_delete"() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one record;
  names text[];
BEGIN
  SELECT r."id", r."text", r."issue_id", r."author_id", EXISTS (SELECT FROM old_rows OFFSET 1) AS "more rows"
    INTO one FROM old_rows AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF one."more rows" THEN
    names := ARRAY['Comment~', 'Comment.*']
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment:~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Comment:' || r."id"::text AS name FROM old_rows AS r WHERE 'Comment:' || r."id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.authorId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Comment.authorId=' || r."author_id"::text AS name FROM old_rows AS r WHERE 'Comment.authorId=' || r."author_id"::text IS NOT NULL LIMIT 2001) AS few)
      || (SELECT CASE WHEN count(*) > 2000 THEN ARRAY['Comment.issueId~'] ELSE array_agg(name) END
        FROM (SELECT DISTINCT 'Comment.issueId=' || r."issue_id"::text AS name FROM old_rows AS r WHERE 'Comment.issueId=' || r."issue_id"::text IS NOT NULL LIMIT 2001) AS few);
  ELSE
    names := array_remove(ARRAY['Comment~', 'Comment.*', 'Comment:' || one."id"::text, 'Comment.authorId=' || one."author_id"::text, 'Comment.issueId=' || one."issue_id"::text], NULL);
  END IF;
  INSERT INTO loadline.outbox (tags) VALUES (names);
  IF current_setting('loadline.notify', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(1819238756, 1818848869) THEN
    PERFORM pg_notify('loadline', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER loadline_delete AFTER DELETE ON "comments" REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION loadline."Comment_delete"();
ALTER TABLE "comments" ENABLE ALWAYS TRIGGER loadline_delete;

CREATE TRIGGER loadline_truncate AFTER TRUNCATE ON "comments"
FOR EACH STATEMENT EXECUTE FUNCTION loadline.capture_truncate('Comment~', 'Comment.*', 'Comment:~', 'Comment.authorId~', 'Comment.issueId~');
ALTER TABLE "comments" ENABLE ALWAYS TRIGGER loadline_truncate;
