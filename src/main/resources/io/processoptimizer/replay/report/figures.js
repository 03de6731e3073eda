// What the figures mean and how they are written: vocabulary of losses and states, numbers, times.

const LOSSES = [
  { key: 'breakdowns_ms', name: 'Breakdowns', short: 'Breakdowns', factor: 'availability' },
  { key: 'setup_ms', name: 'Setup and adjustment', short: 'Setup', factor: 'availability' },
  { key: 'minor_stops_ms', name: 'Idling and minor stops', short: 'Minor stops', factor: 'availability' },
  { key: 'reduced_speed_ms', name: 'Reduced speed', short: 'Speed', factor: 'performance' },
  { key: 'startup_rejects_ms', name: 'Startup rejects', short: 'Startup', factor: 'quality' },
  { key: 'production_rejects_ms', name: 'Production rejects', short: 'Rejects', factor: 'quality' },
  { key: 'no_signal_ms', name: 'No signal', short: 'No signal', factor: 'signal' },
];
const FACTORS = { availability: 'Availability', performance: 'Performance', quality: 'Quality', signal: 'Not known' };

// Height and place of a bar say the kind of state without colour: full height works or is down, a low bar waits.
const STATES = {
  RUNNING: { name: 'Running', top: 0.14, bottom: 0.86 },
  SETUP: { name: 'Setup', top: 0.14, bottom: 0.86, pattern: 'dots' },
  DOWN: { name: 'Down', top: 0, bottom: 1, pattern: 'slant' },
  STARVED: { name: 'Starved', top: 0.62, bottom: 0.86 },
  BLOCKED: { name: 'Blocked', top: 0.14, bottom: 0.38 },
  IDLE: { name: 'Idle', top: 0.44, bottom: 0.56 },
  PLANNED_STOP: { name: 'Planned stop', top: 0.14, bottom: 0.86, pattern: 'cross' },
  UNKNOWN: { name: 'No signal', top: 0.14, bottom: 0.86, outline: true },
};
const CONFIDENCES = {
  high: { name: 'high', opacity: 1 },
  medium: { name: 'medium', opacity: 0.6 },
  low: { name: 'low', opacity: 0.35, pattern: 'slant' },
};
const REASONS = {
  late: 'Late',
  malformed: 'Malformed',
  missing_field: 'Field missing',
  bad_value: 'Bad value',
  future_timestamp: 'Time in the future',
  misrouted: 'Wrong shard',
  too_many_processes: 'Too many processes',
  too_many_steps: 'Too many steps',
  too_many_samples: 'Too many samples',
  too_large: 'Too large',
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NARROW_SPACE = '\u202f';
const NOT_KNOWN = '–';

function isKnown(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

function percent(ratio, digits = 1) {
  if (!isKnown(ratio)) {
    return NOT_KNOWN;
  }
  const text = (ratio * 100).toFixed(digits);
  // Almost all is not all.
  const almost = ratio < 1 && Number(text) >= 100;
  return (almost ? '> ' + (100 - 10 ** -digits).toFixed(digits) : text) + NARROW_SPACE + '%';
}

function count(value) {
  return isKnown(value) ? value.toLocaleString('en') : NOT_KNOWN;
}

function countOf(value, one, many = one + 's') {
  return count(value) + ' ' + (value === 1 ? one : many);
}

// The two largest units: 7 s, 1 min 35 s, 2 h 05 min, 3 d 04 h.
function duration(millis) {
  if (!isKnown(millis)) {
    return NOT_KNOWN;
  }
  const sign = millis < 0 ? '−' : '';
  const seconds = Math.round(Math.abs(millis) / 1000);
  const two = (big, bigUnit, small, smallUnit) =>
    sign + big + NARROW_SPACE + bigUnit + (small ? ' ' + String(small).padStart(2, '0') + NARROW_SPACE + smallUnit : '');
  if (seconds < 60) {
    return sign + seconds + NARROW_SPACE + 's';
  }
  if (seconds < 3600) {
    return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  }
  if (seconds < 86400) {
    return two(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
  }
  return two(Math.floor(seconds / 86400), 'd', Math.floor((seconds % 86400) / 3600), 'h');
}

// A text of a machine on one line: what a chart's label can hold.
function oneLine(text) {
  return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}

function shorten(text, most) {
  const characters = Array.from(oneLine(text));
  return characters.length <= most ? characters.join('') : characters.slice(0, most - 1).join('') + '…';
}

function lossOf(key) {
  return LOSSES.find((loss) => loss.key === key);
}

function lossName(key, form = 'name') {
  const loss = lossOf(key);
  return loss ? loss[form] : key ? oneLine(key) : NOT_KNOWN;
}

function reasonName(reason) {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason] : oneLine(reason);
}

function stateOf(label) {
  return Object.hasOwn(STATES, label) ? STATES[label] : STATES.UNKNOWN;
}

function confidenceOf(label) {
  return Object.hasOwn(CONFIDENCES, label) ? CONFIDENCES[label] : CONFIDENCES.low;
}

function isBelow({ oee, target }) {
  return isKnown(oee) && isKnown(target) && oee < target;
}

function sum(values) {
  return Object.values(values || {}).reduce((total, value) => total + (isKnown(value) ? value : 0), 0);
}

// Times, in UTC or in the reader's zone.
const clock = {
  utc: false,
  formats: new Map(),

  format(millis, name, options) {
    if (!isKnown(millis)) {
      return NOT_KNOWN;
    }
    const key = name + this.utc;
    if (!this.formats.has(key)) {
      const zone = this.utc ? { timeZone: 'UTC' } : {};
      this.formats.set(key, new Intl.DateTimeFormat('en-GB', { hourCycle: 'h23', ...options, ...zone }));
    }
    return this.formats.get(key).format(millis);
  },
  time(millis) {
    return this.format(millis, 'time', { hour: '2-digit', minute: '2-digit' });
  },
  day(millis) {
    return this.format(millis, 'day', { day: 'numeric', month: 'short' });
  },
  date(millis) {
    return this.format(millis, 'date', { day: 'numeric', month: 'short', year: 'numeric' });
  },
  at(millis) {
    return isKnown(millis) ? this.day(millis) + ' ' + this.time(millis) : NOT_KNOWN;
  },
  full(millis) {
    return isKnown(millis) ? this.date(millis) + ', ' + this.time(millis) : NOT_KNOWN;
  },
  span(from, to) {
    return this.day(from) === this.day(to)
      ? this.full(from) + ' – ' + this.time(to)
      : this.full(from) + ' – ' + this.full(to);
  },
  localName() {
    return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'local';
  },
};
