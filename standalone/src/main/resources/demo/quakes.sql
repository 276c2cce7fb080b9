-- What demo/quakes must hold, computed from the events alone. A hash holds texts: the magnitude has
-- to be there with exactly its two decimals.
SELECT
  id,
  CAST(CAST(event ->> '$.properties.mag' AS DECIMAL(4, 2)) AS VARCHAR) AS mag,
  event ->> '$.properties.place' AS place,
  epoch_ms(CAST(event ->> '$.properties.time' AS BIGINT)) AS time,
  CAST(event ->> '$.properties.felt' AS BIGINT) AS felt,
  CAST(event ->> '$.geometry.coordinates[2]' AS DOUBLE) AS depth
FROM earthquakes
