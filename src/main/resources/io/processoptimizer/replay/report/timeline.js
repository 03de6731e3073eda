// One process over time: OEE, who was the constraint, what its steps did; three plots on one time axis.

// More than these and the area under the target is left out: ECharts cannot thin out stacked lines.
const SHORTFALL_POINTS = 5000;
const STEP_ROW = 26;
const CONSTRAINT_ROW = 18;

function constraintAt(detail, time) {
  // A window's end belongs to the stretch that it closes.
  return (detail.constraint || []).find((stretch) => stretch.step && stretch.from < time && time <= stretch.to) || null;
}

function stateAt(intervals, time) {
  const found = (intervals || []).find(([from, to]) => from <= time && time < to);
  return found ? found[2] : null;
}

function timelineFigure(detail) {
  const times = detail.t || [];
  const steps = detail.steps || [];
  if (times.length === 0 && steps.length === 0) {
    return el('p', { class: 'muted' }, 'No window has closed.');
  }
  const layout = timelineLayout(detail);
  const used = new Set(Object.values(detail.states || {}).flatMap((intervals) => intervals.map((interval) => interval[2])));
  return chartFigure({
    label: 'Timeline of OEE, constraint and step states. Arrow keys read a window, plus and minus zoom, 0 shows all.',
    height: () => layout.height,
    times, span: timelineSpan(detail), zoomable: true,
    read: (time) => timelineReadout(detail, time),
    option: (width, zoom) => timelineOption(detail, layout, width, zoom),
    onclick: (event) => {
      if (event.seriesId === 'adjustments') {
        showAdjustment(event.dataIndex);
      }
    },
    legend: timelineLegend(detail, used),
  });
}

function timelineReadout(detail, time) {
  if (time === null) {
    return el('span', { class: 'muted' }, hint('timeline'));
  }
  const parts = [el('strong', null, clock.at(time))];
  if (detail.t.length) {
    const i = nearest(detail.t, time);
    parts.push(el('span', null, `OEE ${percent(detail.oee[i])}`),
      el('span', { class: 'note' }, `A ${percent(detail.a?.[i], 0)} · P ${percent(detail.p?.[i], 0)} · Q ${percent(detail.q?.[i], 0)}`));
    if (detail.final?.[i] === 0) {
      parts.push(el('span', { class: 'note' }, 'provisional'));
    }
  }
  const constraint = constraintAt(detail, time);
  if (constraint) {
    parts.push(el('span', null, `constraint ${shorten(constraint.step, 24)} (${confidenceOf(constraint.confidence).name})`));
  }
  // Whoever waits or is down explains the window; running steps go without saying.
  const states = (detail.steps || []).map((step) => [step, stateAt(detail.states?.[step], time)])
    .filter(([, state]) => state && state !== 'RUNNING').slice(0, 4);
  for (const [step, state] of states) {
    parts.push(el('span', { class: 'note' }, `${shorten(step, 18)}: ${stateOf(state).name.toLowerCase()}`));
  }
  return parts;
}

// A bar's look, as small as a legend's: the same height, place and pattern.
function stateSwatch(label) {
  const state = stateOf(label);
  const key = label.toLowerCase().replaceAll('_', '-');
  return svg('svg', { class: 'state-swatch', viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' },
    svg('rect', { class: 'state-' + key, x: 1, width: 16, y: 18 * state.top, height: 18 * (state.bottom - state.top) }),
    state.pattern === 'slant' && svg('path', { class: 'state-pattern', d: 'M1 12L11 2M4 17L17 4M10 18L17 11' }),
    state.pattern === 'cross' && svg('path', { class: 'state-pattern', d: 'M2 8L9 15M7 4L15 13M13 3L17 7' }),
    state.pattern === 'dots' && [[5, 6], [12, 6], [8.5, 9.5], [5, 13], [12, 13]].map(([cx, cy]) =>
      svg('circle', { class: 'state-dot', cx, cy, r: 1.2 })));
}

function timelineLegend(detail, used) {
  const confidences = new Set((detail.constraint || []).map((stretch) => stretch.confidence));
  return [
    used.size > 0 && el('ul', { class: 'legend', 'aria-label': 'States' }, Object.keys(STATES).filter((label) => used.has(label)).map((label) =>
      el('li', null, stateSwatch(label), STATES[label].name))),
    el('ul', { class: 'legend' },
      el('li', null, el('span', { class: 'swatch line', 'aria-hidden': 'true' }), 'OEE'),
      isKnown(detail.target) && el('li', null, el('span', { class: 'swatch target', 'aria-hidden': 'true' }), 'Target'),
      el('li', null, el('span', { class: 'swatch shortfall', 'aria-hidden': 'true' }), 'Short of the target'),
      (detail.final || []).includes(0) && el('li', null, el('span', { class: 'swatch ring', 'aria-hidden': 'true' }), 'Provisional'),
      (detail.adjustments || []).length > 0 && el('li', null, el('span', { class: 'badge small', 'aria-hidden': 'true' }, '1'), 'Adjustment'),
      Object.keys(CONFIDENCES).filter((name) => confidences.has(name)).map((name) =>
        el('li', null, el('span', { class: 'swatch confidence ' + name, 'aria-hidden': 'true' }), `Constraint, ${name} confidence`)),
      (detail.gaps || []).length > 0 && el('li', null, el('span', { class: 'swatch gap', 'aria-hidden': 'true' }), 'Silent')),
  ];
}

function timelineLayout(detail) {
  const suspects = (detail.steps || []).filter((step) => (detail.constraint || []).some((stretch) => stretch.step === step));
  for (const stretch of detail.constraint || []) {
    if (stretch.step && !suspects.includes(stretch.step)) {
      suspects.push(stretch.step);
    }
  }
  const oee = { top: 32, height: 150 };
  const constraint = { top: oee.top + oee.height + 40, height: Math.max(1, suspects.length) * CONSTRAINT_ROW };
  const states = { top: constraint.top + constraint.height + 40, height: Math.max(1, (detail.steps || []).length) * STEP_ROW };
  return { suspects, oee, constraint, states, height: states.top + states.height + 66 };
}

function timelineSpan(detail) {
  const starts = [detail.t[0], ...(detail.constraint || []).map((s) => s.from), ...Object.values(detail.states || {}).map((s) => s[0]?.[0])];
  const ends = [detail.t[detail.t.length - 1], ...(detail.constraint || []).map((s) => s.to),
    ...Object.values(detail.states || {}).map((s) => s[s.length - 1]?.[1])];
  return [Math.min(...starts.filter(isKnown)), Math.max(...ends.filter(isKnown))];
}

function timelineOption(detail, layout, width, zoom) {
  const narrow = width < 560;
  const left = narrow ? 78 : 132;
  const right = 20;
  const [from, to] = timelineSpan(detail);
  const grid = (place) => ({ ...exactly, left, right, top: place.top, height: place.height });
  const labels = left - 12;
  const axis = (index) => timeAxis(index, from, to, { labels: index === 2, narrow });
  const row = (index, names) => rowAxis(index, names.length ? names : ['none'], labels);
  return {
    title: [gridTitle('OEE', 4), gridTitle('Constraint', layout.constraint.top - 24), gridTitle('Steps', layout.states.top - 24)],
    grid: [grid(layout.oee), grid(layout.constraint), grid(layout.states)],
    xAxis: [axis(0), axis(1), axis(2)],
    yAxis: [ratioAxis(0, Math.max(1, ...(detail.oee || []).filter(isKnown))), row(1, layout.suspects), row(2, detail.steps || [])],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: { trigger: 'axis', showContent: false },
    dataZoom: zoomSliders([0, 1, 2], zoom, 2, left, right),
    series: [...oeeSeries(detail), adjustmentSeries(detail), constraintSeries(detail, layout.suspects), stateSeries(detail),
      ...[0, 1, 2].map((index) => gapSeries(detail, index, to))],
  };
}

function oeeSeries(detail) {
  const at = (value) => detail.t.map((time, i) => [time, value(i)]);
  const oee = (i) => detail.oee[i];
  const plot = { type: 'line', xAxisIndex: 0, yAxisIndex: 0, symbol: 'none' };
  const series = [];
  if (isKnown(detail.target) && detail.t.length <= SHORTFALL_POINTS) {
    const quiet = { ...plot, silent: true, lineStyle: { opacity: 0 }, stack: 'shortfall', stackStrategy: 'all' };
    series.push({ ...quiet, data: at((i) => isKnown(oee(i)) ? Math.min(oee(i), detail.target) : null) },
      { ...quiet, data: at((i) => isKnown(oee(i)) ? Math.max(0, detail.target - oee(i)) : null),
        areaStyle: { color: colour('warn'), opacity: 0.22 } });
  }
  series.push({ ...plot, data: at(oee), lineStyle: { color: colour('accent'), width: 2 }, z: 3,
    sampling: detail.t.length > SHORTFALL_POINTS ? 'lttb' : undefined,
    markLine: isKnown(detail.target) ? { silent: true, symbol: 'none', animation: false, data: [{ yAxis: detail.target }],
      label: { show: false }, lineStyle: { color: colour('ink'), type: [6, 4], width: 1 } } : undefined });
  const provisional = detail.t.map((time, i) => [time, detail.oee[i], detail.final?.[i]])
    .filter(([, value, final]) => final === 0 && isKnown(value));
  series.push({ type: 'scatter', xAxisIndex: 0, yAxisIndex: 0, silent: true, symbol: 'circle', symbolSize: 7, z: 4, data: provisional,
    itemStyle: { color: colour('surface'), borderColor: colour('accent'), borderWidth: 1.5 } });
  return series;
}

function adjustmentSeries(detail) {
  return {
    id: 'adjustments', type: 'scatter', xAxisIndex: 0, yAxisIndex: 0, symbol: 'circle', symbolSize: 18, z: 6, cursor: 'pointer',
    data: (detail.adjustments || []).map((adjustment) => [adjustment.at, 0]),
    symbolOffset: [0, -10],
    itemStyle: { color: colour('ink'), borderColor: colour('surface'), borderWidth: 1 },
    label: { show: true, color: colour('surface'), fontSize: 10, fontWeight: 600, formatter: (item) => String(item.dataIndex + 1) },
  };
}

function constraintSeries(detail, suspects) {
  const stretches = (detail.constraint || []).filter((stretch) => stretch.step);
  const ink = colour('surface');
  return {
    type: 'custom', progressive: 0, xAxisIndex: 1, yAxisIndex: 1, encode: { x: [1, 2], y: 0 }, silent: true,
    data: stretches.map((stretch) => [suspects.indexOf(stretch.step), stretch.from, stretch.to]),
    renderItem: (params, api) => {
      const confidence = confidenceOf(stretches[params.dataIndex].confidence);
      const shape = barShape(params, api, api.value(1), api.value(2), api.value(0), 0.12, 0.88);
      return shape && { type: 'rect', shape, style: { fill: colour('constraint'), opacity: confidence.opacity,
        decal: pattern(confidence.pattern, ink) } };
    },
  };
}

function stateSeries(detail) {
  const rows = (detail.steps || []).flatMap((step, row) => (detail.states?.[step] || []).map(([from, to, state]) => [row, from, to, state]));
  const fills = {};
  for (const label of Object.keys(STATES)) {
    fills[label] = colour('state-' + label.toLowerCase().replaceAll('_', '-'));
  }
  const ink = colour('pattern');
  const outline = colour('muted');
  return {
    type: 'custom', progressive: 0, xAxisIndex: 2, yAxisIndex: 2, encode: { x: [1, 2], y: 0 }, silent: true,
    data: rows.map((row) => row.slice(0, 3)),
    renderItem: (params, api) => {
      const label = rows[params.dataIndex][3];
      const state = stateOf(label);
      const shape = barShape(params, api, api.value(1), api.value(2), api.value(0), state.top, state.bottom);
      if (!shape) {
        return null;
      }
      return state.outline
        ? { type: 'rect', shape, style: { fill: 'transparent', stroke: outline, lineWidth: 1, lineDash: [2, 2] } }
        : { type: 'rect', shape, style: { fill: fills[label], decal: shape.width > 5 ? pattern(state.pattern, ink) : null } };
    },
  };
}

// Silence lies across all three plots.
function gapSeries(detail, index, end) {
  return {
    type: 'custom', progressive: 0, xAxisIndex: index, yAxisIndex: index, encode: { x: [0, 1] }, silent: true, z: 1,
    data: (detail.gaps || []).map(([from, to]) => [from, isKnown(to) ? to : end]),
    renderItem: (params, api) => {
      const area = params.coordSys;
      const x = (time) => Math.min(area.x + area.width, Math.max(area.x, api.coord([time, 0])[0]));
      const [left, right] = [x(api.value(0)), x(api.value(1))];
      return right <= left ? null : { type: 'rect', shape: { x: left, y: area.y, width: right - left, height: area.height },
        style: { fill: colour('veil'), decal: pattern('slant', colour('rule')) } };
    },
  };
}
