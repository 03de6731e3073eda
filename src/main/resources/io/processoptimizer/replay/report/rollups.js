// Sums over several processes or windows: sites and areas, shifts. OEE of each is a division of sums.

// Where the planned time went, as one bar: productive first, then the losses by the factor that they count against.
function timeBar(row) {
  const planned = row.planned_ms;
  if (!isKnown(planned) || planned <= 0 || !row.losses) {
    return el('span', { class: 'muted' }, NOT_KNOWN);
  }
  const lost = (factor) => LOSSES.filter((loss) => loss.factor === factor)
    .reduce((total, loss) => total + Math.max(0, row.losses[loss.key] || 0), 0);
  const parts = [['productive', 'productive', row.fully_productive_ms], ...Object.keys(FACTORS).map((factor) =>
    [factor, FACTORS[factor].toLowerCase(), lost(factor)])].filter(([, , millis]) => isKnown(millis) && millis > 0);
  // A negative speed loss makes the parts more than the whole.
  const whole = Math.max(planned, parts.reduce((total, [, , millis]) => total + millis, 0));
  return el('span', { class: 'time-bar', role: 'img',
    'aria-label': parts.map(([, name, millis]) => name + ' ' + percent(millis / planned, 0)).join(', ') },
    parts.map(([kind, , millis]) => el('span', { class: 'time-part ' + kind, style: { width: (millis / whole) * 100 + '%' } })));
}

function largestLoss(row) {
  const known = LOSSES.map((loss) => ({ loss, millis: row.losses ? row.losses[loss.key] : null }))
    .filter((entry) => entry.millis > 0)
    .sort((a, b) => b.millis - a.millis);
  return known.length === 0 || !(row.planned_ms > 0) ? NOT_KNOWN
    : [known[0].loss.short, el('span', { class: 'note' }, ' ' + percent(known[0].millis / row.planned_ms, 0))];
}

function rollUpRow(row, head, together) {
  const cell = (name, content, kind) => el('td', { 'data-name': name, class: kind }, content);
  return el('tr', null, el('th', { scope: 'row' }, head),
    cell('OEE', oeeBar(row.oee, row.target), 'oee-cell'),
    together
      ? cell('Processes', [count(row.processes), row.below_target > 0
        && el('span', { class: 'note' }, ` · ${count(row.below_target)} below target`)], 'count-cell')
      : cell('Constraint', row.constraint || NOT_KNOWN, 'count-cell'),
    cell('Planned time', duration(row.planned_ms), 'planned-cell'),
    cell('Where it went', timeBar(row), 'bar-part'),
    cell('Largest loss', largestLoss(row), 'loss-cell'));
}

function rollUpTable(caption, first, rows, headOf, together) {
  const body = el('tbody');
  const pages = el('div');
  const table = el('table', { class: 'rollups' }, el('caption', { class: 'unseen' }, caption), el('thead', null, el('tr', null,
    [first, 'OEE', together ? 'Processes' : 'Constraint', 'Planned time', 'Where it went', 'Largest loss'].map((name) =>
      el('th', { scope: 'col' }, name)))), body);
  const draw = (from) => {
    body.replaceChildren(...rows.slice(from, from + PAGE).map((row) => rollUpRow(row, headOf(row), together)));
    const buttons = pager(from, PAGE, rows.length, (next) => {
      draw(next);
      table.scrollIntoView({ block: 'start' });
    });
    pages.replaceChildren(...(buttons ? [buttons] : []));
  };
  draw(0);
  return [table, pages, el('ul', { class: 'legend' },
    el('li', null, el('span', { class: 'swatch productive', 'aria-hidden': 'true' }), 'Fully productive'),
    ['availability', 'performance', 'quality'].map((factor) =>
      el('li', null, el('span', { class: 'swatch ' + factor, 'aria-hidden': 'true' }), FACTORS[factor] + ' losses')),
    el('li', null, el('span', { class: 'swatch signal', 'aria-hidden': 'true' }), 'No signal'),
    el('li', null, el('span', { class: 'swatch rest', 'aria-hidden': 'true' }), 'Not known'))];
}

// A site with its areas indented below it; a click searches the processes that stand there.
function placesSection(data) {
  const places = data.places || [];
  const head = (place) => {
    const name = place.area || place.site;
    return el('a', { class: 'process' + (place.area ? ' area' : ''), href: '#processes', title: 'Show its processes',
      onclick: () => searchFor(name) }, name, place.area && !place.site && el('span', { class: 'note' }, ' (no site)'));
  };
  return section('places', 'Sites and areas', rollUpTable('Sites and areas', 'Place', places, head, true));
}

function shiftHead(shift) {
  return [el('span', { class: 'shift' }, shift.shift), ' ', el('span', { class: 'note' }, dayName(shift.day)),
    el('span', { class: 'note hours' }, `${clock.time(shift.from)} – ${clock.time(shift.to)}`
      + (shift.provisional > 0 ? ' · provisional' : ''))];
}

// The date that the plant's calendar gives, which has no zone.
function dayName(day) {
  const date = new Date(day + 'T12:00:00Z');
  return Number.isNaN(date.getTime()) ? oneLine(day)
    : new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(date);
}

function shiftsSection(data) {
  return section('shifts', 'Shifts', rollUpTable('Shifts', 'Shift', data.shifts, shiftHead, true),
    data.shifts_left_out > 0 && el('p', { class: 'note' },
      `${countOf(data.shifts_left_out, 'earlier shift')} left out: windows.ndjson has all.`));
}

function processShifts(detail) {
  return el('section', { 'aria-label': 'Shifts' }, el('h2', null, 'Shifts'),
    rollUpTable('Shifts', 'Shift', detail.shifts, shiftHead, false));
}
