// One process: OEE, constraint and the states of its steps on one time axis, its losses, its adjustments.

function processPage(data, id) {
  const all = data.processes || [];
  const index = all.findIndex((process) => process.id === id);
  if (index < 0) {
    return [el('p', { class: 'back' }, el('a', { href: '#processes' }, '← All processes')),
      el('h1', { tabindex: '-1' }, 'Not in this report'), el('p', null, 'There is no process ', el('code', null, id), ' in this report.')];
  }
  const neighbour = (at, name, way) => all[at] && el('a', { href: '#process=' + encodeURIComponent(all[at].id), rel: way }, name);
  return [
    el('div', { class: 'back' }, el('a', { href: '#processes' }, '← All processes'),
      el('span', { class: 'neighbours' }, el('span', { class: 'note' }, `${count(index + 1)} of ${count(all.length)}, worst first`),
        neighbour(index - 1, '↑ Worse', 'prev'), neighbour(index + 1, '↓ Better', 'next'))),
    el('h1', { tabindex: '-1', class: 'process-title' }, id),
    processBody(data, all[index]),
  ];
}

function processSentence(process) {
  const parts = [];
  if (isKnown(process.oee) && !isKnown(process.target)) {
    parts.push(`OEE was ${percent(process.oee)}.`);
  } else if (isKnown(process.oee)) {
    parts.push(isBelow(process)
      ? `OEE was ${percent(process.oee)}, ${((process.target - process.oee) * 100).toFixed(1)} points below the target of ${percent(process.target, 0)}.`
      : `OEE was ${percent(process.oee)}, at or above the target of ${percent(process.target, 0)}.`);
  } else {
    parts.push('OEE is not known.');
  }
  if (process.largest_loss) {
    parts.push(`The largest loss: ${lossName(process.largest_loss).toLowerCase()}, ${percent(process.largest_loss_share, 0)} of the planned time.`);
  }
  if (process.constraint) {
    parts.push(`Most often the constraint: ${oneLine(process.constraint)}, in ${percent(process.constraint_share, 0)} of the windows.`);
  }
  return parts.join(' ');
}

function processBody(data, process) {
  const detail = isKnown(process.detail) ? (data.details || [])[process.detail] : null;
  const notes = notesOf(process);
  const head = [
    el('p', { class: 'headline' }, processSentence(process)),
    el('dl', { class: 'facts' },
      el('div', { class: 'fact' }, el('dt', null, 'OEE'), el('dd', null, oeeBar(process.oee, process.target))),
      fact('Availability', percent(process.availability)),
      fact('Performance', percent(process.performance)),
      fact('Quality', percent(process.quality)),
      fact('Windows below target', count(process.below), `of ${count(process.windows)}`),
      fact('Worst window', percent(process.worst_oee), clock.at(process.worst_at))),
  ];
  if (!detail) {
    return [head, el('p', { class: 'notice' }, 'This file holds no timeline of this process. To see it, run the replay again with ',
      el('code', null, '--report-process ' + process.id), '.'), notes && el('p', null, 'Data: ' + notes + '.')];
  }
  return [
    head,
    el('section', { 'aria-label': 'Timeline' }, el('h2', null, 'Timeline'), timelineFigure(detail)),
    el('div', { class: 'columns two' },
      el('section', { 'aria-label': 'Losses' }, el('h2', null, 'Where the time went'), waterfall(detail, 'Losses of ' + process.id)),
      el('section', { 'aria-label': 'Adjustments' }, el('h2', null, 'Adjustments'), adjustments(detail))),
    (detail.shifts || []).length > 0 && processShifts(detail),
    processData(detail),
    el('details', { class: 'figures' }, el('summary', { onclick: (event) => windowTable(event.target.parentNode, detail) },
      'The windows as a table')),
  ];
}

// More are a click away: a page of hundreds is not read, and a list that scrolls by itself is in a finger's way.
const ADJUSTMENTS_SHOWN = 20;

function adjustments(detail) {
  const list = detail.adjustments || [];
  if (list.length === 0) {
    return el('p', { class: 'muted' }, 'None were called for.');
  }
  const more = list.length > ADJUSTMENTS_SHOWN && el('button', { type: 'button', class: 'all-adjustments',
    onclick: (event) => showAllAdjustments(event.currentTarget.previousElementSibling) }, `Show all ${count(list.length)}`);
  return [el('ol', { class: 'adjustments' }, list.map((adjustment, index) => el('li',
    { tabindex: '-1', hidden: index >= ADJUSTMENTS_SHOWN },
    el('span', { class: 'badge', 'aria-hidden': 'true' }, String(index + 1)),
    el('div', null,
      el('p', { class: 'adjustment-text' }, adjustment.text),
      el('p', { class: 'note' }, [clock.at(adjustment.at), adjustment.step && 'step ' + oneLine(adjustment.step),
        adjustment.lever && oneLine(adjustment.lever).replaceAll('_', ' '), adjustment.priority && 'priority ' + oneLine(adjustment.priority),
        adjustment.source && 'from ' + oneLine(adjustment.source)].filter(Boolean).join(' · ')),
      expectationOf(adjustment), effectOf(adjustment))))), more];
}

function showAllAdjustments(list) {
  [...list.children].forEach((item) => { item.hidden = false; });
  list.nextElementSibling?.remove();
}

// From the timeline to what it numbers. A report of one process has it on two pages, of which one is shown.
function showAdjustment(index) {
  const list = [...document.querySelectorAll('.adjustments')].find((shown) => shown.offsetParent !== null);
  const item = list?.children[index];
  if (item?.hidden) {
    showAllAdjustments(list);
  }
  item?.scrollIntoView({ block: 'center' });
  item?.focus({ preventScroll: true });
}

const pointsGained = (gain) => signed(gain * 100, (value) => value.toFixed(1)) + ' points';
const partsGained = (gain) => signed(gain * 100, (value) => value.toFixed(1)) + ' % parts an hour';

function expectationOf(adjustment) {
  const expected = adjustment.expected_improvement || {};
  const gains = [isKnown(expected.oee_gain) && 'OEE ' + pointsGained(expected.oee_gain),
    isKnown(expected.throughput_gain) && partsGained(expected.throughput_gain)].filter(Boolean);
  return gains.length > 0 && el('p', { class: 'note' }, 'Expected: ' + gains.join(' · ')
    + (expected.assumption ? `, if ${oneLine(expected.assumption)}` : ''));
}

const EFFECTS = { better: '▲', worse: '▼', unclear: '≈', not_comparable: '–' };

// What was observed after an adjustment, beside what it expected.
function effectOf(adjustment) {
  const effect = adjustment.effect;
  if (!effect) {
    return el('p', { class: 'note' }, 'Effect not measured: the input ended before.');
  }
  const verdict = oneLine(effect.verdict || '').replaceAll('_', ' ');
  const told = effect.why
    ? `not comparable (${oneLine(effect.why)})`
    : [`OEE ${percent(effect.before.oee)} → ${percent(effect.after.oee)}: ${pointsGained(effect.oee_gain)}`
        + (isKnown(effect.oee_gain_error) ? ` (± ${(effect.oee_gain_error * 100).toFixed(1)})` : ''),
      isKnown(effect.throughput_gain) && partsGained(effect.throughput_gain), verdict,
      effect.advised_meanwhile > 0 && `with ${countOf(effect.advised_meanwhile, 'more window')} advised on meanwhile`]
      .filter(Boolean).join(' · ');
  return el('p', { class: 'effect' }, el('span', { class: 'effect-mark', 'aria-hidden': 'true' }, EFFECTS[effect.verdict] || '–'),
    ' Observed: ', told);
}

function processData(detail) {
  const refused = Object.entries(detail.refused || {}).filter(([, n]) => n > 0);
  const gaps = detail.gaps || [];
  if (refused.length === 0 && gaps.length === 0) {
    return el('p', { class: 'good' }, '✓ No gap in the data, no record refused.');
  }
  return el('section', { 'aria-label': 'Data quality' }, el('h2', null, 'Data quality'),
    el('ul', { class: 'plain' },
      refused.map(([reason, n]) => el('li', null, `${reasonName(reason)}: ${countOf(n, 'record')} refused`)),
      gaps.slice(0, 20).map(([from, to]) => el('li', null, 'Silent from ' + clock.at(from)
        + (isKnown(to) ? ' for ' + duration(to - from) : ' until the end'))),
      gaps.length > 20 && el('li', { class: 'muted' }, `and ${count(gaps.length - 20)} more gaps`)));
}

// Drawn on first opening: thousands of rows that few will look at.
function windowTable(details, detail) {
  if (details.querySelector('table')) {
    return;
  }
  const body = el('tbody');
  const pages = el('div');
  const draw = (from) => {
    const rows = [];
    for (let i = from; i < Math.min(from + PAGE, detail.t.length); i++) {
      const constraint = constraintAt(detail, detail.t[i]);
      rows.push(el('tr', null, el('th', { scope: 'row' }, clock.at(detail.t[i])),
        [detail.oee, detail.a, detail.p, detail.q].map((values) => el('td', { class: 'number' }, percent(values && values[i]))),
        el('td', null, constraint ? `${oneLine(constraint.step)} (${constraint.confidence})` : NOT_KNOWN),
        el('td', null, detail.final && detail.final[i] === 0 ? 'provisional' : 'final')));
    }
    body.replaceChildren(...rows);
    const buttons = pager(from, PAGE, detail.t.length, draw);
    pages.replaceChildren(...(buttons ? [buttons] : []));
  };
  draw(0);
  details.append(el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Windows' }, el('table', { class: 'plain-table' },
    el('thead', null, el('tr', null, ['Window end', 'OEE', 'A', 'P', 'Q', 'Constraint', 'Edition'].map((name) =>
      el('th', { scope: 'col' }, name)))), body)), pages);
}
