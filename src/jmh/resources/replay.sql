-- The plain form of a replay: states and counts by pane of a minute, windows of five minutes sliding by one, the factors of each
-- step, and the step that ran longest. No late facts, no duplicates, no calendars, no losses, no methods, no advice.
CREATE OR REPLACE TABLE results AS
WITH events AS MATERIALIZED (
  SELECT process_id, step_id, timestamp AS ts, state, good, reject, ideal_cycle_time AS ideal, energy_kwh AS energy
  FROM read_json('{file}', format = 'newline_delimited', columns = {
    process_id: 'VARCHAR', step_id: 'VARCHAR', timestamp: 'BIGINT', state: 'VARCHAR', good: 'INTEGER', reject: 'INTEGER',
    ideal_cycle_time: 'DOUBLE', energy_kwh: 'DOUBLE'})),
held AS (
  SELECT process_id, step_id, state, ts,
    coalesce(lead(ts) OVER (PARTITION BY process_id, step_id ORDER BY ts), (SELECT max(ts) FROM events)) AS till
  FROM events WHERE state IS NOT NULL),
pieces AS (
  SELECT *, unnest(range(ts - ts % 60000, till, 60000)) AS pane FROM held),
states AS (
  SELECT process_id, step_id, pane,
    sum(CASE WHEN state = 'RUNNING' THEN least(till, pane + 60000) - greatest(ts, pane) ELSE 0 END) AS running,
    sum(CASE WHEN state = 'PLANNED_STOP' THEN least(till, pane + 60000) - greatest(ts, pane) ELSE 0 END) AS planned_stop
  FROM pieces GROUP BY ALL),
counts AS (
  SELECT process_id, step_id, ts - ts % 60000 AS pane, sum(good) AS good, sum(reject) AS reject,
    sum((good + reject) * ideal) AS ideal, sum(energy) AS energy
  FROM events WHERE good IS NOT NULL GROUP BY ALL),
panes AS (
  SELECT * FROM states FULL JOIN counts USING (process_id, step_id, pane)),
windows AS (
  SELECT process_id, step_id, pane + 60000 * slide AS window_end,
    sum(coalesce(running, 0)) AS running_ms, sum(coalesce(planned_stop, 0)) AS planned_stop_ms,
    sum(coalesce(good, 0)) AS good, sum(coalesce(reject, 0)) AS reject, sum(ideal) AS ideal_s, sum(energy) AS energy_kwh
  FROM panes, range(1, 6) AS slides(slide) GROUP BY ALL),
factors AS (
  SELECT *, running_ms / nullif(300000 - planned_stop_ms, 0) AS availability,
    1000 * ideal_s / nullif(running_ms, 0) AS performance, good / nullif(good + reject, 0) AS quality
  FROM windows)
SELECT *, availability * performance * quality AS oee,
  arg_max(step_id, running_ms) OVER (PARTITION BY process_id, window_end) AS busiest
FROM factors
