// The table of processes, worst first: search, order, some rows at a time whatever their number.

const PAGE = 25;
const PAGE_OF_A_PHONE = 12;
const narrow = matchMedia('(max-width: 760px)');
const tableState = { search: '', belowOnly: false, order: 'worst', down: false, from: 0 };
const rowOf = new Map();

const ORDERS = {
  worst: { name: 'Worst first' },
  id: { name: 'Process', text: true, value: (process) => process.id },
  oee: { name: 'OEE', value: (process) => process.oee },
  a: { name: 'Availability', short: 'A', number: true, value: (process) => process.a },
  p: { name: 'Performance', short: 'P', number: true, value: (process) => process.p },
  q: { name: 'Quality', short: 'Q', number: true, value: (process) => process.q },
  end: { name: 'Window end', number: true, value: (process) => process.end },
  trend: { name: 'Trend', fixed: true },
  loss: { name: 'Largest loss', value: (process) => lossShare(process) },
  constraint: { name: 'Constraint', text: true, value: (process) => process.constraint?.step ?? null },
  adjusted: { name: 'Last adjustment', value: (process) => process.adjustments[0]?.at ?? null },
};

function lossShare(process) {
  const loss = largestLoss(process);
  return loss && process.planned_ms > 0 ? loss.value / process.planned_ms : null;
}

function processLink(id) {
  return el('a', { class: 'process', href: '#process=' + encodeURIComponent(id) }, id);
}

function edition(process) {
  return isSilent(process) ? 'silent' : process.complete === false ? 'incomplete' : process.final ? '' : 'provisional';
}

function processRow(process) {
  const cell = (name, content, kind) => el('td', { 'data-name': name, class: kind }, content);
  const loss = largestLoss(process);
  const adjusted = process.adjustments[0];
  return el('tr', { class: isSilent(process) && 'silent' },
    el('th', { scope: 'row' }, processLink(process.id)),
    cell('OEE', oeeBar(process.oee, process.target), 'oee-cell'),
    cell('Availability', percent(process.a), 'number wide'),
    cell('Performance', percent(process.p), 'number wide'),
    cell('Quality', percent(process.q), 'number wide'),
    cell('Window end', [clock.time(process.end), edition(process) && el('span', { class: 'note' }, ' ' + edition(process))], 'number wide'),
    cell('Trend', spark(process.trend, process.target), 'spark-cell'),
    cell('Largest loss', loss
      ? [lossName(loss.key, 'short'), el('span', { class: 'note' }, ' ' + percent(lossShare(process), 0))] : NOT_KNOWN, 'loss-cell'),
    cell('Constraint', process.constraint
      ? [el('span', { class: 'step' }, process.constraint.step), el('span', { class: 'note' }, ' ' + (process.constraint.confidence || ''))]
      : NOT_KNOWN, 'constraint-cell'),
    cell('Last adjustment', el('span', { class: 'note' },
      isSilent(process) ? 'silent since ' + clock.time(process.silent) + (adjusted ? '; ' : '') : '',
      adjusted && [clock.time(adjusted.at) + ' ' + adjusted.what, adjusted.effect && [' ', effectMark(adjusted.effect)]]), 'notes-cell'));
}

function matching() {
  const wanted = tableState.search.trim().toLowerCase();
  const rows = [...plant.processes.values()].filter((process) =>
    (!tableState.belowOnly || isBelow(process))
    && (wanted === '' || process.id.toLowerCase().includes(wanted)
      || (process.constraint?.step || '').toLowerCase().includes(wanted)
      || lossName(largestLoss(process)?.key).toLowerCase().includes(wanted)));
  const order = ORDERS[tableState.order];
  if (!order.value) {
    return rows.sort(worstFirst);
  }
  const names = new Intl.Collator('en', { numeric: true });
  return rows.map((process) => ({ process, value: order.value(process) })).sort((a, b) => {
    const known = (entry) => entry.value !== null && entry.value !== undefined;
    if (!known(a) || !known(b)) {
      return Number(known(b)) - Number(known(a)); // what is not known stands last, whichever way
    }
    return (order.text ? names.compare(a.value, b.value) : a.value - b.value) * (tableState.down ? -1 : 1);
  }).map((entry) => entry.process);
}

// Made once; drawn anew at each change, so that the search keeps its cursor and rows that did not change stay as they are.
function processesTable() {
  const body = el('tbody');
  const pages = el('div');
  const found = el('p', { class: 'found', role: 'status' });
  const columns = Object.entries(ORDERS).filter(([key]) => key !== 'worst');
  const heads = columns.map(([key, column]) => el('th', { scope: 'col', title: column.short && column.name, class: column.number && 'right' },
    column.fixed ? column.name : el('button', { type: 'button', class: 'sort', 'aria-label': 'Sort by ' + column.name, onclick: () => {
      tableState.down = tableState.order === key ? !tableState.down : !(column.text || key === 'oee');
      Object.assign(tableState, { order: key, from: 0 });
      draw();
    } }, column.short || column.name, el('span', { class: 'arrow', 'aria-hidden': 'true' }))));

  function draw() {
    const rows = matching();
    const size = narrow.matches ? PAGE_OF_A_PHONE : PAGE;
    tableState.from = Math.min(tableState.from, Math.max(0, Math.floor((rows.length - 1) / size) * size));
    const shown = rows.slice(tableState.from, tableState.from + size);
    const wanted = shown.map((process) => {
      const known = rowOf.get(process.id);
      if (known && known.process === process && known.utc === clock.utc) {
        return known.row;
      }
      const row = processRow(process);
      rowOf.set(process.id, { process, utc: clock.utc, row });
      return row;
    });
    if (wanted.length !== body.children.length || wanted.some((row, index) => row !== body.children[index])) {
      keepingFocus(body, () => body.replaceChildren(...wanted));
    }
    if (shown.length === 0) {
      body.replaceChildren(el('tr', { class: 'none' }, el('td', { colspan: columns.length }, plant.processes.size === 0
        ? 'No window has closed yet. The first shows when its process has sent records for a whole window.' : 'No process matches.')));
    }
    const ids = new Set(shown.map((process) => process.id));
    [...rowOf.keys()].filter((id) => !ids.has(id)).forEach((id) => rowOf.delete(id));
    const all = plant.processes.size;
    found.textContent = rows.length === all
      ? (tableState.order === 'worst' ? 'Worst first. ' : '') + countOf(all, 'process', 'processes') + '.'
      : `${countOf(rows.length, 'process', 'processes')} of ${count(all)}.`;
    const turn = (from) => {
      tableState.from = from;
      draw();
      table.scrollIntoView({ block: 'start' });
    };
    const buttons = pager(tableState.from, size, rows.length, turn);
    keepingFocus(pages, () => pages.replaceChildren(...(buttons ? [buttons] : [])));
    heads.forEach((head, index) => {
      const isActive = columns[index][0] === tableState.order;
      head.toggleAttribute('aria-sort', isActive);
      if (isActive) {
        head.setAttribute('aria-sort', tableState.down ? 'descending' : 'ascending');
      }
    });
    select.value = tableState.order;
  }

  narrow.addEventListener('change', draw);
  const search = el('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false',
    placeholder: 'Process, constraint or loss', oninput: (event) => {
      Object.assign(tableState, { search: event.target.value, from: 0 });
      draw();
    } });
  const below = el('input', { type: 'checkbox', onchange: (event) => {
    Object.assign(tableState, { belowOnly: event.target.checked, from: 0 });
    draw();
  } });
  const select = el('select', { id: 'order', onchange: (event) => {
    const order = event.target.value;
    Object.assign(tableState, { order, down: ['loss', 'adjusted', 'end'].includes(order), from: 0 });
    draw();
  } }, Object.entries(ORDERS).filter(([, order]) => !order.fixed).map(([value, order]) => el('option', { value }, order.name)));
  const table = el('table', { class: 'processes' }, el('caption', { class: 'unseen' }, 'Processes'),
    el('thead', null, el('tr', null, heads)), body);
  const node = section('processes', 'Processes',
    el('div', { class: 'controls' },
      el('label', { for: 'search', class: 'field' }, el('span', null, 'Search'), search),
      el('label', { for: 'order', class: 'field ordering' }, el('span', null, 'Order'), select),
      el('label', { class: 'check' }, below, ' Below target only'), found),
    table, pages);
  return { node, draw };
}

// Content that is replaced takes the focus with it: it goes to what stands for the same thing now.
function keepingFocus(root, change) {
  const active = document.activeElement;
  const isInside = root.contains(active) && active !== root;
  const href = isInside ? active.getAttribute('href') : null;
  const text = isInside ? active.textContent : null;
  change();
  if (isInside) {
    const same = [...root.querySelectorAll('a, button, [tabindex]')].find((node) =>
      href === null ? node.textContent === text : node.getAttribute('href') === href);
    same?.focus({ preventScroll: true });
  }
}
