-- What demo/all-flights must hold, computed from the events alone.
SELECT id, date, delay, distance, origin, destination FROM flights
