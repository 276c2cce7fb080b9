-- The last version of each earthquake: the file, overridden by the live events.
CREATE VIEW earthquakes AS
WITH history AS (
  SELECT feature ->> '$.id' AS id, feature AS event
  FROM (
    SELECT unnest(features) AS feature
    FROM read_json('${source}', columns = {features: 'JSON[]'}, maximum_object_size = 100000000))
),
latest AS (
  SELECT key AS id, value AS event
  FROM read_json('${live}', format = 'newline_delimited',
    columns = {n: 'BIGINT', key: 'VARCHAR', value: 'JSON'})
  QUALIFY row_number() OVER (PARTITION BY key ORDER BY n DESC) = 1
)
SELECT id, event FROM history ANTI JOIN latest USING (id)
UNION ALL
SELECT id, event FROM latest WHERE event IS NOT NULL
