// Everything on the page beside the table of processes.

function headline(all) {
  if (all.processes === 0) {
    return 'No process has closed a window yet.';
  }
  const first = all.below === 0
    ? `No process is below its target.`
    : `${count(all.below)} of ${countOf(all.processes, 'process', 'processes')} ${all.below === 1 ? 'is' : 'are'} below target.`;
  const known = LOSSES.map((loss) => ({ loss, value: all.losses[loss.key] || 0 })).filter((entry) => entry.value > 0)
    .sort((a, b) => b.value - a.value);
  if (known.length === 0) {
    return first;
  }
  const lost = known.reduce((total, entry) => total + entry.value, 0);
  const [largest, next] = known.map((entry) => [entry.loss.name.toLowerCase(), percent(entry.value / lost, 0)]);
  return `${first} Most time is lost to ${largest[0]} (${largest[1]} of all losses)` + (next ? `, then to ${next[0]} (${next[1]}).` : '.');
}

function overview(all) {
  const shards = plant.head.shards;
  const lag = Math.max(0, ...shards.map((shard) => shard.lag_ms));
  const owners = new Set(shards.map((shard) => shard.owner));
  const refused = shards.reduce((total, shard) => total + sum(shard.refused), 0);
  const notes = [all.silent > 0 && countOf(all.silent, 'silent', 'silent'), all.without > 0 && count(all.without) + ' without ideal cycle']
    .filter(Boolean).join(', ');
  return [el('h1', null, 'Plant now'),
    el('p', { class: 'headline' }, headline(all)),
    el('dl', { class: 'facts' },
      fact('OEE of all planned time', percent(all.planned_ms > 0 ? all.fully_productive_ms / all.planned_ms : null),
        `last ${duration(plant.head.window.size_ms)} of each process`),
      fact('Below target', count(all.below), `of ${countOf(all.processes, 'process', 'processes')}` + (notes ? ', ' + notes : '')),
      fact('Behind the stream', duration(lag), `${countOf(shards.length, 'shard')} at ${countOf(owners.size, 'worker')}`),
      fact('Records a second', plant.rate === null ? NOT_KNOWN : count(Math.round(plant.rate)), 'at this worker'),
      fact('Refused records', count(refused), 'since the workers took their shards'))];
}

function healthNotices(health) {
  const notice = (kind, mark, text) => el('p', { class: 'notice ' + kind, role: 'alert' }, el('strong', null, mark + ' '), text);
  return [
    health.phase !== 'running' && el('p', { class: 'notice' }, health.phase === 'starting'
      ? 'The worker is starting: it takes its shards within seconds.' : 'The worker is stopping: it writes its last states.'),
    health.problems.map((text) => notice('trouble', '✕ Not live:', text)),
    health.warnings.map((text) => notice('', '! ', text)),
    plant.head.shared === false && el('p', { class: 'notice' },
      'Only the shards of this worker are shown (status.share_every is off).')];
}

function losses(all) {
  return [el('h2', null, 'Where the time went'), waterfall(all, 'Losses of all processes in their last windows')];
}

const CONFIDENCE_MARK = { high: '●●●', medium: '●●○', low: '●○○' };

function confidenceMark(confidence) {
  return el('span', { class: 'confidence-mark', title: 'confidence ' + (confidence || 'not known') },
    el('span', { 'aria-hidden': 'true' }, CONFIDENCE_MARK[confidence] || '○○○'), el('span', { class: 'unseen' }, confidence || ''));
}

function constraints() {
  const sure = [...plant.processes.values()].filter((process) => process.constraint && !isSilent(process))
    .sort((a, b) => Number(isBelow(b)) - Number(isBelow(a)) || (b.constraint.share || 0) - (a.constraint.share || 0)).slice(0, 8);
  return [el('h2', null, 'What holds them up'),
    sure.length === 0 ? el('p', { class: 'muted' }, 'No constraint is known.')
      : el('div', { class: 'card scroll' }, el('table', { class: 'plain-table constraints' }, el('thead', null, el('tr', null,
        ['Process', 'Constraint', 'Share', 'Since'].map((name) => el('th', { scope: 'col' }, name)))),
      el('tbody', null, sure.map((process) => {
        const last = process.constraints[process.constraints.length - 1];
        return el('tr', null, el('th', { scope: 'row' }, processLink(process.id)),
          el('td', null, confidenceMark(process.constraint.confidence), ' ', process.constraint.step),
          el('td', { class: 'number' }, percent(process.constraint.share, 0)),
          el('td', { class: 'number' }, last ? clock.time(last[0]) : NOT_KNOWN));
      }))))];
}

const EFFECTS = { better: '▲', worse: '▼', unclear: '≈', not_comparable: '–' };

function points(gain) {
  return (gain < 0 ? '−' : '+') + Math.abs(gain * 100).toFixed(1) + ' points';
}

function effectMark(effect) {
  return el('span', null, el('span', { class: 'effect-mark', 'aria-hidden': 'true' }, EFFECTS[effect.verdict] || '–'),
    ' ' + oneLine(effect.verdict).replaceAll('_', ' '));
}

function adjustmentItem(adjusted, process) {
  const effect = adjusted.effect;
  const told = !effect ? 'Effect not measured yet' : effect.why ? `not comparable (${oneLine(effect.why)})`
    : [isKnown(effect.gain) && `OEE ${points(effect.gain)}` + (isKnown(effect.error) ? ` (± ${(effect.error * 100).toFixed(1)})` : ''),
      oneLine(effect.verdict).replaceAll('_', ' ')].filter(Boolean).join(' · ');
  return el('li', null, el('div', null,
    el('p', null, process && [processLink(process.id), ' '], el('strong', null, adjusted.what)),
    el('p', null, adjusted.text),
    el('p', { class: 'note' }, [clock.at(adjusted.at), 'priority ' + adjusted.priority, 'from ' + adjusted.source,
      isKnown(adjusted.expected) && 'expected OEE ' + points(adjusted.expected)].filter(Boolean).join(' · ')),
    el('p', { class: 'effect' }, effect && el('span', { class: 'effect-mark', 'aria-hidden': 'true' }, EFFECTS[effect.verdict] || '–'),
      effect ? ' Effect: ' : '', effect ? told : el('span', { class: 'note' }, told))));
}

function adjustments() {
  const latest = [...plant.processes.values()].flatMap((process) => process.adjustments.map((adjusted) => ({ adjusted, process })))
    .sort((a, b) => b.adjusted.at - a.adjusted.at || (a.process.id < b.process.id ? -1 : 1));
  const measured = {};
  latest.forEach(({ adjusted }) => adjusted.effect && (measured[adjusted.effect.verdict] = (measured[adjusted.effect.verdict] || 0) + 1));
  const told = Object.entries(measured).map(([verdict, n]) => `${EFFECTS[verdict] || '–'} ${count(n)} ${verdict.replaceAll('_', ' ')}`).join(', ');
  return [el('h2', { id: 'adjustments-title', tabindex: '-1' }, 'Adjustments ',
    latest.length > 0 && el('span', { class: 'note' }, `${count(latest.length)} lately${told ? '; OEE afterwards: ' + told : ''}`)),
  latest.length === 0 ? el('p', { class: 'muted' }, 'None yet: one comes where advice has high priority.')
    : el('ol', { class: 'adjustments', tabindex: '0', 'aria-label': 'Adjustments' },
      latest.slice(0, 12).map(({ adjusted, process }) => adjustmentItem(adjusted, process)))];
}

function shardsTable() {
  const shards = [...plant.head.shards].sort((a, b) => (a.shard < b.shard ? -1 : 1));
  const row = (shard) => {
    const isGone = !shard.here && plant.head.now - shard.written > plant.head.late_ms;
    return el('tr', null, el('th', { scope: 'row' }, shortShard(shard.shard)),
      el('td', null, shard.owner, shard.here ? el('span', { class: 'tag' }, 'here') : '',
        isGone && el('span', { class: 'warning' }, ' ▼ no word for ' + duration(plant.head.now - shard.written))),
      el('td', { class: 'number' }, shard.lag_ms > MINUTE && el('span', { class: 'mark', 'aria-hidden': 'true' }, '▼'), duration(shard.lag_ms)),
      el('td', { class: 'number' }, ago(shard.committed)),
      el('td', { class: 'number' }, count(shard.processes), shard.left_out > 0 && el('span', { class: 'note' }, ` + ${count(shard.left_out)} not shown`)),
      el('td', { class: 'number extra' }, count(shard.records)));
  };
  return [el('h2', { id: 'shards-title', tabindex: '-1' }, 'Shards'),
    shards.length === 0 ? el('p', { class: 'muted' }, 'This worker has no shard yet.')
      : el('div', { class: 'card scroll', tabindex: '0', role: 'region', 'aria-label': 'Shards' }, el('table', { class: 'plain-table' }, el('thead', null, el('tr', null,
        ['Shard', 'Worker', 'Behind', 'Saved', 'Processes', 'Records'].map((name, index) =>
          el('th', { scope: 'col', class: (index > 1 ? 'right' : '') + (index === 5 ? ' extra' : '') }, name)))), el('tbody', null, shards.map(row))))];
}

function shortShard(id) {
  return el('span', { title: id }, id.replace(/^shardId-0+(?=\d)/, 'shard '));
}

function bars(entries, most) {
  return el('table', { class: 'bars' }, el('tbody', null, entries.map(([name, value, text]) => el('tr', null, el('th', { scope: 'row' }, name),
    el('td', { class: 'bar-cell', 'aria-hidden': 'true' }, el('span', { class: 'bar', style: { width: Math.min(100, (100 * value) / Math.max(1, most)) + '%' } })),
    el('td', { class: 'number' }, text)))));
}

function dataQuality() {
  const shards = plant.head.shards;
  const refused = {};
  shards.forEach((shard) => Object.entries(shard.refused || {}).forEach(([reason, n]) => (refused[reason] = (refused[reason] || 0) + n)));
  const reasons = Object.entries(refused).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const records = shards.reduce((total, shard) => total + shard.records, 0);
  const silent = [...plant.processes.values()].filter(isSilent).sort((a, b) => a.silent - b.silent);
  const incomplete = [...plant.processes.values()].filter((process) => process.complete === false).length;
  return [el('h2', { id: 'data-title', tabindex: '-1' }, 'Data quality'),
    el('div', { class: 'card' },
      reasons.length === 0 ? el('p', { class: 'good' }, `✓ No record refused of ${count(records)}.`)
        : [el('p', { class: 'note' }, `${count(sum(refused))} refused of ${countOf(records, 'record')}; they are kept in the table of dead letters`),
          bars(reasons.map(([reason, n]) => [reasonName(reason), n, count(n)]), reasons[0][1])],
      incomplete > 0 && el('p', null, `▼ ${countOf(incomplete, 'process', 'processes')} with an incomplete last window (lost state).`),
      silent.length > 0 && [el('h3', null, countOf(silent.length, 'silent process', 'silent processes')),
        el('ul', { class: 'plain' }, silent.slice(0, 8).map((process) => el('li', null, processLink(process.id), ' since ' + clock.at(process.silent))),
          silent.length > 8 && el('li', { class: 'muted' }, `and ${count(silent.length - 8)} more`))])];
}

function spending() {
  const { budget, outputs } = plant.head;
  const share = (value, most) => [value / Math.max(1, most), `${count(value)} of ${count(most)}`];
  const rows = [['Outputs that wait', ...share(outputs.waiting, outputs.capacity)]];
  if (budget) {
    rows.unshift(['Calls today', ...share(budget.calls, budget.most_calls)], ['Tokens today', ...share(budget.tokens, budget.most_tokens)]);
  }
  return [el('h2', null, 'Budgets'),
    el('div', { class: 'card' },
      el('p', { class: 'note' }, budget ? `Language model ${budget.model}, all workers together, until 00:00 UTC` : 'No language model is asked.'),
      bars(rows, 1),
      outputs.dropped_metrics > 0 && el('p', null, `▼ ${countOf(outputs.dropped_metrics, 'metric')} never reached CloudWatch.`))];
}

// ---- one process

function trendFigure(process) {
  const width = narrow.matches ? 360 : 640;
  const height = narrow.matches ? 130 : 150;
  const slide = plant.head.window.slide_ms;
  const values = process.trend;
  const known = values.filter(isKnown);
  if (known.length === 0) {
    return el('p', { class: 'muted' }, 'No OEE is known.');
  }
  const top = Math.max(1, ...known);
  const x = (index) => 44 + (index * (width - 54)) / Math.max(1, values.length - 1);
  const y = (value) => 8 + (1 - Math.max(0, value) / top) * (height - 34);
  let path = '';
  values.forEach((value, index) => {
    if (isKnown(value)) {
      path += (isKnown(values[index - 1]) ? 'L' : 'M') + x(index).toFixed(1) + ' ' + y(value).toFixed(1);
    }
  });
  const label = (text, at, level, anchor) => svg('text', { x: at, y: level, class: 'trend-label', 'text-anchor': anchor }, text);
  return el('figure', { class: 'card' }, svg('svg', { class: 'trend', viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `OEE from ${percent(Math.min(...known), 0)} to ${percent(Math.max(...known), 0)}, last ${percent(process.oee)}` },
  [0, 0.5, 1].map((level) => [svg('line', { class: 'trend-grid', x1: 44, x2: width - 10, y1: y(level), y2: y(level) }),
    label(Math.round(level * 100) + ' %', 38, y(level) + 4, 'end')]),
  isKnown(process.target) && svg('line', { class: 'trend-target', x1: 44, x2: width - 10, y1: y(process.target), y2: y(process.target) }),
  svg('path', { class: 'spark-line trend-line', d: path }),
  values.map((value, index) => isKnown(value) && svg('circle', { class: 'trend-dot', cx: x(index), cy: y(value), r: 2.5 })),
  label(clock.time(process.trend_to - (values.length - 1) * slide), 44, height - 6, 'start'),
  label(clock.time(process.trend_to), width - 10, height - 6, 'end')),
  el('figcaption', null, el('ul', { class: 'legend' },
    el('li', null, el('span', { class: 'swatch line', 'aria-hidden': 'true' }), 'OEE'),
    el('li', null, el('span', { class: 'swatch target', 'aria-hidden': 'true' }), 'Target'))));
}

function processView(id) {
  const process = plant.processes.get(id);
  const back = el('p', { class: 'back' }, el('a', { href: '#processes' }, '← All processes'));
  if (!process) {
    return [back, el('h1', { tabindex: '-1' }, id), el('p', { class: 'headline' }, 'Nothing is known of this process: it has closed no window lately.')];
  }
  const known = { planned_ms: process.planned_ms, fully_productive_ms: process.productive_ms, losses: process.losses };
  return [back, el('h1', { tabindex: '-1' }, id),
    el('p', { class: 'headline' }, isSilent(process) ? `Silent since ${clock.at(process.silent)}.`
      : !isKnown(process.oee) ? 'OEE is not known: no ideal cycle time, or no data.'
        : isBelow(process) ? `▼ ${(shortfall(process) * 100).toFixed(1)} points below its target.` : 'On target.'),
    el('dl', { class: 'facts' },
      fact('OEE', percent(process.oee), `target ${percent(process.target, 0)}`),
      fact('Availability', percent(process.a)), fact('Performance', percent(process.p)), fact('Quality', percent(process.q)),
      fact('Window end', clock.time(process.end), edition(process) || 'final')),
    el('div', { class: 'columns two' },
      el('section', { 'aria-label': 'OEE' }, el('h2', null, 'OEE'), trendFigure(process)),
      el('section', { 'aria-label': 'Losses' }, el('h2', null, 'Where the time went'), waterfall(known, 'Losses of the last window'))),
    el('div', { class: 'columns two' },
      el('section', { 'aria-label': 'Constraint' }, el('h2', null, 'Constraint'), constraintHistory(process)),
      el('section', { 'aria-label': 'Adjustments' }, el('h2', null, 'Adjustments'), process.adjustments.length === 0
        ? el('p', { class: 'muted' }, 'None yet.')
        : el('ol', { class: 'adjustments', tabindex: '0', 'aria-label': 'Adjustments' }, process.adjustments.map((adjusted) => adjustmentItem(adjusted)))))];
}

function constraintHistory(process) {
  const stretches = [...process.constraints].reverse();
  return stretches.length === 0 ? el('p', { class: 'muted' }, 'None is known.')
    : el('div', { class: 'card scroll' }, el('table', { class: 'plain-table' }, el('thead', null, el('tr', null, ['From', 'To', 'Step', 'Confidence'].map((name) =>
      el('th', { scope: 'col' }, name)))), el('tbody', null, stretches.map(([from, to, step, confidence]) => el('tr', null,
      el('td', null, clock.time(from)), el('td', null, to === process.end ? 'now' : clock.time(to)), el('th', { scope: 'row' }, step),
      el('td', null, confidenceMark(confidence), ' ', confidence || NOT_KNOWN))))));
}
