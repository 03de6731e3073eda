// What is known of the plant, and how it is fetched: the worker sends what has changed since the version that is here.

const plant = { instance: '', version: 0, head: null, processes: new Map(), rate: null, before: null };

async function fetchChanges() {
  const asked = `/plant.json?instance=${encodeURIComponent(plant.instance)}&since=${plant.version}`;
  const response = await fetch(asked, { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
  if (!response.ok) {
    throw new Error('the worker answered ' + response.status);
  }
  return response.json();
}

// Returns whether another run of the worker has answered than before.
function takeChanges(answer) {
  const run = (instance) => instance.split('-')[0];
  const isOther = plant.instance !== '' && run(plant.instance) !== run(answer.instance);
  if (answer.full) {
    plant.processes.clear();
  }
  for (const process of answer.processes) {
    plant.processes.set(process.id, process);
  }
  plant.instance = answer.instance;
  plant.version = answer.version;
  plant.head = answer;
  rate(answer, isOther);
  return isOther;
}

// Records a second over at least ten seconds, of the shards that this worker processes.
function rate(answer, isOther) {
  const records = answer.shards.filter((shard) => shard.here).reduce((total, shard) => total + shard.records, 0);
  const before = plant.before;
  if (isOther || before === null || records < before.records) {
    plant.before = { at: answer.now, records };
    plant.rate = null;
  } else if (answer.now - before.at >= 10_000) {
    plant.rate = ((records - before.records) * 1000) / (answer.now - before.at);
    plant.before = { at: answer.now, records };
  }
}

function isSilent(process) {
  return isKnown(process.silent);
}

// How far below target; what has no OEE comes last.
function shortfall(process) {
  return isKnown(process.oee) && isKnown(process.target) ? process.target - process.oee : -Infinity;
}

function worstFirst(a, b) {
  return shortfall(b) - shortfall(a) || (a.id < b.id ? -1 : 1);
}

function largestLoss(process) {
  let largest = null;
  for (const loss of LOSSES) {
    const value = process.losses ? process.losses[loss.key] : null;
    if (value > 0 && (largest === null || value > largest.value)) {
      largest = { key: loss.key, value };
    }
  }
  return largest;
}

// Sums over the newest window of each process.
function together() {
  const all = { planned_ms: 0, fully_productive_ms: 0, losses: {}, processes: 0, below: 0, silent: 0, without: 0 };
  for (const process of plant.processes.values()) {
    all.processes += 1;
    all.below += isBelow(process) && !isSilent(process) ? 1 : 0;
    all.silent += isSilent(process) ? 1 : 0;
    if (isSilent(process) || !isKnown(process.planned_ms)) {
      continue;
    }
    if (!isKnown(process.productive_ms)) {
      all.without += 1;
      continue;
    }
    all.planned_ms += process.planned_ms;
    all.fully_productive_ms += process.productive_ms;
    for (const loss of LOSSES) {
      const value = process.losses[loss.key];
      if (isKnown(value)) {
        all.losses[loss.key] = (all.losses[loss.key] || 0) + value;
      }
    }
  }
  return all;
}

function seconds(millis) {
  return clock.format(millis, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

function ago(millis) {
  return isKnown(millis) && millis > 0 ? duration(Math.max(0, plant.head.now - millis)) + ' ago' : NOT_KNOWN;
}
