-- What demo/strong-quakes must hold, computed from the events alone.
SELECT
  id,
  CAST(event ->> '$.properties.mag' AS DECIMAL(4, 2)) AS mag,
  event ->> '$.properties.place' AS place,
  epoch_ms(CAST(event ->> '$.properties.time' AS BIGINT)) AS time,
  CAST(event ->> '$.geometry.coordinates[0]' AS DOUBLE) AS longitude,
  CAST(event ->> '$.geometry.coordinates[1]' AS DOUBLE) AS latitude,
  CAST(event ->> '$.geometry.coordinates[2]' AS DOUBLE) AS depth
FROM earthquakes
WHERE CAST(event ->> '$.properties.mag' AS DECIMAL(18, 6)) >= 4.5
