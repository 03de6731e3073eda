// Building blocks of the page. Text reaches it only as text nodes and attribute values: no HTML is ever parsed.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      for (const [property, setting] of Object.entries(value)) {
        node.style.setProperty(property, setting);
      }
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(child);
    }
  }
  return node;
}

function el(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

function svg(name, properties, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function section(id, title, ...children) {
  return el('section', { id, 'aria-labelledby': id + '-title' }, el('h2', { id: id + '-title', tabindex: '-1' }, title), children);
}

function fact(name, value, note) {
  return el('div', { class: 'fact' }, el('dt', null, name), el('dd', null, value, note && el('span', { class: 'note' }, ' ' + note)));
}

// OEE against its target: a bar with the target as a tick; below it the bar is hatched and a triangle stands before the number.
function oeeBar(oee, target) {
  const below = isBelow({ oee, target });
  const width = isKnown(oee) ? Math.max(0, Math.min(1, oee)) * 100 : 0;
  return el('span', { class: 'oee' + (below ? ' below' : '') },
    el('span', { class: 'oee-number' },
      below && el('span', { class: 'mark', 'aria-hidden': 'true' }, '▼'),
      percent(oee),
      below && el('span', { class: 'unseen' }, ' below target')),
    el('span', { class: 'oee-track', 'aria-hidden': 'true' },
      el('span', { class: 'oee-fill', style: { width: width + '%' } }),
      isKnown(target) && el('span', { class: 'oee-target', style: { left: Math.min(1, target) * 100 + '%' } })));
}

const SPARK_WIDTH = 96;
const SPARK_HEIGHT = 24;

function spark(values, target) {
  const known = (values || []).filter(isKnown);
  if (known.length === 0) {
    return el('span', { class: 'muted' }, NOT_KNOWN);
  }
  const top = Math.max(1, ...known);
  const x = (index) => 1 + (index * (SPARK_WIDTH - 2)) / Math.max(1, values.length - 1);
  const y = (value) => 1 + (1 - Math.max(0, value) / top) * (SPARK_HEIGHT - 2);
  let path = '';
  let pen = false;
  values.forEach((value, index) => {
    if (isKnown(value)) {
      path += (pen ? 'L' : 'M') + x(index).toFixed(1) + ' ' + y(value).toFixed(1);
    }
    pen = isKnown(value);
  });
  return svg('svg', { class: 'spark', viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`, width: SPARK_WIDTH, height: SPARK_HEIGHT,
    role: 'img', 'aria-label': `OEE from ${percent(Math.min(...known), 0)} to ${percent(Math.max(...known), 0)}` },
    isKnown(target) && svg('line', { class: 'spark-target', x1: 0, x2: SPARK_WIDTH, y1: y(target), y2: y(target) }),
    svg('path', { class: 'spark-line', d: path }));
}

// From the planned time down through the losses to the fully productive time: every row starts where the last one ended.
function waterfall(of, caption) {
  const planned = of.planned_ms;
  if (!isKnown(planned) || planned <= 0) {
    return el('p', { class: 'muted' }, 'No planned time, so nothing could be lost.');
  }
  const known = LOSSES.map((loss) => of.losses ? of.losses[loss.key] : null);
  // A negative speed loss takes the line back up, past the planned time at worst.
  let left = planned;
  let highest = planned;
  for (const value of known) {
    left -= isKnown(value) ? value : 0;
    highest = Math.max(highest, left);
  }
  const at = (millis) => (Math.max(0, millis) / highest) * 100;
  const row = (name, kind, from, to, value) => el('tr', { class: 'fall ' + kind },
    el('th', { scope: 'row' }, name),
    el('td', { class: 'fall-plot', 'aria-hidden': 'true' },
      el('span', { class: 'fall-bar', style: { left: at(Math.min(from, to)) + '%', width: Math.abs(at(to) - at(from)) + '%' } })),
    el('td', { class: 'number' }, duration(value)),
    el('td', { class: 'number share' }, isKnown(value) ? percent(value / planned) : ''));
  const rows = [row('Planned time', 'planned', 0, planned, planned)];
  left = planned;
  LOSSES.forEach((loss, index) => {
    const value = known[index];
    if (!value && (loss.factor === 'signal' || !isKnown(value))) {
      if (loss.factor !== 'signal') {
        rows.push(row(loss.name, loss.factor, left, left, null));
      }
      return;
    }
    rows.push(row(loss.name, loss.factor + (value < 0 ? ' gain' : ''), left, left - value, value));
    left -= value;
  });
  rows.push(row('Fully productive', 'productive', 0, isKnown(of.fully_productive_ms) ? of.fully_productive_ms : 0,
    of.fully_productive_ms));
  const notes = [];
  if (!isKnown(of.fully_productive_ms)) {
    notes.push('No ideal cycle time is known: losses of speed and quality, and so OEE, cannot be told.');
  }
  if (known[3] < 0) {
    notes.push('The speed loss is negative: parts were made faster than the ideal cycle time allows. Check that setting.');
  }
  return el('figure', { class: 'waterfall' },
    el('table', null, el('caption', { class: 'unseen' }, caption), el('thead', { class: 'unseen' }, el('tr', null,
      ['Time', 'Bar', 'Duration', 'Share of planned time'].map((name) => el('th', { scope: 'col' }, name)))), el('tbody', null, rows)),
    el('figcaption', null,
      el('ul', { class: 'legend' }, ['availability', 'performance', 'quality'].map((factor) =>
        el('li', null, el('span', { class: 'swatch ' + factor, 'aria-hidden': 'true' }), FACTORS[factor] + ' losses'))),
      notes.map((note) => el('p', { class: 'note' }, note))));
}

// A page of a long list, with its buttons.
function pager(from, size, total, go) {
  if (total <= size) {
    return null;
  }
  const to = Math.min(total, from + size);
  return el('nav', { class: 'pager', 'aria-label': 'Pages' },
    el('button', { type: 'button', disabled: from === 0, onclick: () => go(Math.max(0, from - size)) }, '← Previous'),
    el('span', null, `${count(from + 1)}–${count(to)} of ${count(total)}`),
    el('button', { type: 'button', disabled: to >= total, onclick: () => go(from + size) }, 'Next →'));
}

function settingsList(settings) {
  const entries = Object.entries(settings || {});
  return entries.length === 0
    ? el('p', { class: 'muted' }, 'All settings at their defaults.')
    : el('dl', { class: 'settings' }, entries.map(([name, value]) =>
      el('div', null, el('dt', null, name), el('dd', null, typeof value === 'string' ? value : JSON.stringify(value)))));
}
