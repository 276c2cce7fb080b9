-- The last version of each flight: the file, numbered from 1, overridden by the live events.
CREATE VIEW flights AS
WITH history AS (
  SELECT file_row_number + 1 AS id, date, delay, distance, origin, destination
  FROM read_parquet('${source}', file_row_number = true)
),
latest AS (
  SELECT CAST(key AS BIGINT) AS id, value AS event
  FROM read_json('${live}', format = 'newline_delimited',
    columns = {n: 'BIGINT', key: 'VARCHAR', value: 'JSON'})
  QUALIFY row_number() OVER (PARTITION BY key ORDER BY n DESC) = 1
)
SELECT id, date, delay, distance, origin, destination FROM history ANTI JOIN latest USING (id)
UNION ALL
SELECT
  id,
  CAST(event ->> '$.date' AS TIMESTAMP),
  CAST(event ->> '$.delay' AS BIGINT),
  CAST(event ->> '$.distance' AS BIGINT),
  event ->> '$.origin',
  event ->> '$.destination'
FROM latest
WHERE event IS NOT NULL
