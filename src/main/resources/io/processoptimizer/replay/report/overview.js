// All processes together: what the period looked like, and where the time went.

function headline(data) {
  const totals = data.totals || {};
  const plant = data.plant || {};
  const several = totals.processes !== 1;
  const first = several
    ? totals.below_target === 0
      ? `All ${count(totals.processes)} processes met their target.`
      : `${count(totals.below_target)} of ${count(totals.processes)} processes stayed below their target.`
    : totals.below_target ? 'The process stayed below its target.' : 'The process met its target.';
  const known = LOSSES.map((loss) => ({ loss, value: plant.losses ? plant.losses[loss.key] : null }))
    .filter((entry) => entry.value > 0)
    .sort((a, b) => b.value - a.value);
  if (known.length === 0) {
    return first;
  }
  const lost = known.reduce((total, entry) => total + entry.value, 0);
  const [largest, next] = known.map((entry) => [entry.loss.name.toLowerCase(), percent(entry.value / lost, 0)]);
  return `${first} Most time was lost to ${largest[0]} (${largest[1]} of all losses)` + (next ? `, then to ${next[0]} (${next[1]}).` : '.');
}

function overview(data) {
  const totals = data.totals || {};
  const plant = data.plant || {};
  const oee = isKnown(plant.fully_productive_ms) && plant.planned_ms > 0 ? plant.fully_productive_ms / plant.planned_ms : null;
  const facts = el('dl', { class: 'facts' },
    fact('OEE of all planned time', percent(oee)),
    fact('Processes', count(totals.processes), totals.processes > 1 ? `${count(totals.below_target)} below target` : null),
    fact('Windows', count(totals.windows), windowText(data.window)),
    fact('Adjustments', count(totals.adjustments), adjustmentNote(totals.effects)),
    fact('Refused records', count(sum(totals.refused)), `of ${count(totals.records)}`));
  return [el('p', { class: 'headline' }, headline(data)), facts];
}

function adjustmentNote(effects) {
  const measured = Object.entries(effects || {}).map(([verdict, n]) => `${count(n)} ${oneLine(verdict).replaceAll('_', ' ')}`);
  return 'of high priority' + (measured.length > 0 ? `; OEE afterwards: ${measured.join(', ')}` : '');
}

function windowText(window) {
  if (!window) {
    return null;
  }
  return window.slide_ms && window.slide_ms !== window.size_ms
    ? `of ${duration(window.size_ms)} every ${duration(window.slide_ms)}`
    : `of ${duration(window.size_ms)}`;
}

function plantFigure(data) {
  const plant = data.plant;
  const times = plant.t || [];
  if (times.length === 0) {
    return el('p', { class: 'muted' }, 'No window has closed.');
  }
  const read = (time) => {
    if (time === null) {
      return el('span', { class: 'muted' }, hint('chart'));
    }
    const i = nearest(times, time);
    return [
      el('strong', null, clock.at(times[i])),
      el('span', null, `median ${percent(plant.median[i])}`),
      el('span', null, `the middle 80 %: ${percent(plant.p10[i], 0)} – ${percent(plant.p90[i], 0)}`),
      el('span', null, `below target: ${count(plant.below_target[i])} of ${count(plant.processes[i])}`),
    ];
  };
  return chartFigure({
    label: 'OEE of all processes over time: median, 10th and 90th percentile, and how many were below target',
    height: (width) => width < 560 ? 312 : 378,
    times, span: [times[0], times[times.length - 1]], read, zoomable: true,
    option: (width, zoom) => plantOption(plant, width, zoom),
    legend: el('ul', { class: 'legend' },
      el('li', null, el('span', { class: 'swatch line', 'aria-hidden': 'true' }), 'Median process'),
      el('li', null, el('span', { class: 'swatch band', 'aria-hidden': 'true' }), 'Middle 80 % of the processes'),
      el('li', null, el('span', { class: 'swatch below', 'aria-hidden': 'true' }), 'Processes below target')),
  });
}

function plantOption(plant, width, zoom) {
  const narrow = width < 560;
  const left = 44;
  const right = 20;
  const from = plant.t[0];
  const to = plant.t[plant.t.length - 1];
  const at = (values) => plant.t.map((time, i) => [time, values[i]]);
  const top = Math.max(1, ...plant.p90.filter(isKnown));
  const quiet = { type: 'line', xAxisIndex: 0, yAxisIndex: 0, symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  const shownHeight = narrow ? 140 : 206;
  return {
    title: [gridTitle('Per window', 4), gridTitle('Processes below target', shownHeight + 48)],
    grid: [{ ...exactly, left, right, top: 32, height: shownHeight }, { ...exactly, left, right, top: shownHeight + 72, height: 48 }],
    xAxis: [timeAxis(0, from, to, { labels: false, narrow }), timeAxis(1, from, to, { labels: true, narrow })],
    yAxis: [ratioAxis(0, top), { type: 'value', gridIndex: 1, splitNumber: 1, minInterval: 1, axisPointer: { show: false },
      axisLabel: { color: colour('muted'), fontSize: 11 }, splitLine: { lineStyle: { color: colour('grid') } } }],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: { trigger: 'axis', showContent: false },
    dataZoom: zoomSliders([0, 1], zoom, 2, left, right),
    series: [
      { ...quiet, data: at(plant.p10), stack: 'band', stackStrategy: 'all' },
      { ...quiet, data: plant.t.map((time, i) => [time, isKnown(plant.p90[i]) && isKnown(plant.p10[i]) ? plant.p90[i] - plant.p10[i] : null]),
        stack: 'band', stackStrategy: 'all', areaStyle: { color: colour('band'), opacity: 1 } },
      { type: 'line', xAxisIndex: 0, yAxisIndex: 0, data: at(plant.median), symbol: 'none', lineStyle: { color: colour('accent'), width: 2 } },
      { type: 'line', step: 'end', xAxisIndex: 1, yAxisIndex: 1, data: at(plant.below_target), symbol: 'none',
        lineStyle: { color: colour('warn'), width: 1 }, areaStyle: { color: colour('warn'), opacity: 0.25 } },
    ],
  };
}

function dataQuality(data) {
  const totals = data.totals || {};
  const refused = Object.entries(totals.refused || {}).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const ignored = Object.entries(totals.ignored_fields || {}).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...refused.map(([, n]) => n));
  // A record may hold several events.
  const received = (totals.accepted || 0) + (totals.duplicates || 0) + refused.reduce((sum, [, n]) => sum + n, 0);
  const worst = (data.processes || []).filter((p) => p.late > 0 || p.refused > 0 || p.gaps > 0)
    .sort((a, b) => b.late + b.refused + b.gaps - (a.late + a.refused + a.gaps))
    .slice(0, 5);
  const notes = totals.notes || [];
  return section('data', 'Data quality',
    notes.length > 0 && el('ul', { class: 'plain notes' }, notes.map((note) => el('li', null,
      el('span', { class: 'mark', 'aria-hidden': 'true' }, '▲'), note))),
    el('dl', { class: 'facts small' },
      fact('Records read', count(totals.records)),
      fact('Accepted', count(totals.accepted), received > 0 ? percent(totals.accepted / received) + ' of events' : null),
      fact('Duplicates', count(totals.duplicates), 'counted once'),
      fact('Cut by lateness', count(totals.cut_claims), 'partly'),
      fact('Gaps', count(totals.gaps), 'silences'),
      fact('Provisional windows', count(totals.provisional)),
      fact('Revised windows', count(totals.revised))),
    el('div', { class: 'columns' },
      el('div', null, el('h3', null, 'Refused records by reason'),
        refused.length === 0 ? el('p', { class: 'good' }, '✓ No record was refused.')
          : el('table', { class: 'bars' }, el('tbody', null, refused.map(([reason, n]) => el('tr', null,
            el('th', { scope: 'row' }, reasonName(reason)),
            el('td', { class: 'bar-cell', 'aria-hidden': 'true' }, el('span', { class: 'bar', style: { width: (n / most) * 100 + '%' } })),
            el('td', { class: 'number' }, count(n))))))),
      worst.length > 0 && (data.processes.length > 1) && el('div', null, el('h3', null, 'Where it was worst'),
        el('ul', { class: 'plain' }, worst.map((p) => el('li', null, processLink(p.id),
          el('span', { class: 'note' }, ' ' + [p.late > 0 && count(p.late) + ' late', p.refused > 0 && count(p.refused) + ' refused',
            p.gaps > 0 && countOf(p.gaps, 'gap')].filter(Boolean).join(', ')))))),
      ignored.length > 0 && el('div', null, el('h3', null, 'Fields that were not understood'),
        el('ul', { class: 'plain' }, ignored.slice(0, 10).map(([name, n]) =>
          el('li', null, el('code', null, name), el('span', { class: 'note' }, ' in ' + countOf(n, 'record')))),
        ignored.length > 10 && el('li', { class: 'muted' }, `and ${count(ignored.length - 10)} more`)))));
}
