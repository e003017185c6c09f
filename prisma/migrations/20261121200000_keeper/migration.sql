-- The one store that keeps answers of this database, and when it last said so.
ALTER TABLE loadline.history ADD COLUMN IF NOT EXISTS keeper text;
ALTER TABLE loadline.history ADD COLUMN IF NOT EXISTS kept_at timestamptz;
