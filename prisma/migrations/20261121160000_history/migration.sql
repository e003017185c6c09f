-- Tells this history of the database from an earlier state of it that was restored.
CREATE SCHEMA IF NOT EXISTS loadline;
CREATE TABLE IF NOT EXISTS loadline.history (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  nonce uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO loadline.history DEFAULT VALUES ON CONFLICT DO NOTHING;
