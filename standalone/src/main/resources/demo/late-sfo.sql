-- What demo/late-sfo must hold, computed from the events alone.
SELECT id, date AS departed_at, CAST(delay AS INTEGER) AS minutes_late, destination
FROM flights
WHERE origin = 'SFO' AND delay > 60
