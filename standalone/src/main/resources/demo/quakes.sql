-- What demo/quakes must hold, computed from the events alone.
SELECT
  id,
  CAST(event ->> '$.properties.mag' AS DECIMAL(4, 2)) AS mag,
  event ->> '$.properties.place' AS place,
  epoch_ms(CAST(event ->> '$.properties.time' AS BIGINT)) AS time,
  CAST(event ->> '$.properties.felt' AS BIGINT) AS felt,
  CAST(event ->> '$.geometry.coordinates[2]' AS DOUBLE) AS depth
FROM earthquakes
