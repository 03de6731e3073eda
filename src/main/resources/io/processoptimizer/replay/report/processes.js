// The table of processes, worst first: search, sort, a page at a time.

const PAGE = 50;

const COLUMNS = [
  { key: 'id', name: 'Process', text: true },
  { key: 'oee', name: 'OEE' },
  { key: 'availability', name: 'Availability', short: 'A', number: true },
  { key: 'performance', name: 'Performance', short: 'P', number: true },
  { key: 'quality', name: 'Quality', short: 'Q', number: true },
  { key: 'below', name: 'Windows below target', short: 'Below target', number: true },
  { key: 'spark', name: 'OEE over time', fixed: true },
  { key: 'largest_loss_share', name: 'Largest loss' },
  { key: 'constraint', name: 'Constraint', text: true },
  { key: 'notes', name: 'Notes' },
];

function processLink(id) {
  return el('a', { class: 'process', href: '#process=' + encodeURIComponent(id) }, id);
}

function notesOf(process) {
  return [
    process.adjustments > 0 && countOf(process.adjustments, 'adjustment'),
    process.late > 0 && count(process.late) + ' late',
    process.refused > 0 && count(process.refused) + ' refused',
    process.gaps > 0 && countOf(process.gaps, 'gap'),
  ].filter(Boolean).join(', ');
}

function sortValue(process, key) {
  if (key === 'notes') {
    return (process.adjustments || 0) + (process.late || 0) + (process.refused || 0) + (process.gaps || 0);
  }
  return process[key];
}

function processRow(process) {
  const cell = (name, content, kind) => el('td', { 'data-name': name, class: kind }, content);
  return el('tr', null,
    el('th', { scope: 'row' }, processLink(process.id)),
    cell('OEE', oeeBar(process.oee, process.target), 'oee-cell'),
    cell('Availability', percent(process.availability), 'number wide'),
    cell('Performance', percent(process.performance), 'number wide'),
    cell('Quality', percent(process.quality), 'number wide'),
    cell('Below target', [count(process.below), el('span', { class: 'note' }, ' of ' + count(process.windows))], 'number wide'),
    cell('OEE over time', spark(process.spark, process.target), 'spark-cell'),
    cell('Largest loss', process.largest_loss
      ? [lossName(process.largest_loss, 'short'), el('span', { class: 'note' }, ' ' + percent(process.largest_loss_share, 0))]
      : NOT_KNOWN, 'loss-cell'),
    cell('Constraint', process.constraint
      ? [el('span', { class: 'step' }, process.constraint), el('span', { class: 'note' }, ' ' + percent(process.constraint_share, 0))]
      : NOT_KNOWN, 'constraint-cell'),
    cell('Notes', el('span', { class: 'note' }, notesOf(process)), 'notes-cell'));
}

// Kept while the reader looks at one process, so that going back finds the table as it was left.
const tableState = { search: '', belowOnly: false, key: null, down: false, from: 0 };

// Shows the processes that a text matches.
function searchFor(text) {
  const search = document.getElementById('search');
  search.value = text;
  search.dispatchEvent(new Event('input'));
}

function processesSection(data) {
  const all = data.processes || [];
  const detailed = all.filter((process) => process.detail !== null && process.detail !== undefined).length;
  const body = el('tbody');
  const pages = el('div');
  const found = el('p', { class: 'found', role: 'status' });
  const heads = COLUMNS.map((column) => {
    const label = column.short || column.name;
    return el('th', { scope: 'col', title: column.short && column.name, class: column.number && 'right' },
      column.fixed ? label : el('button', { type: 'button', class: 'sort', 'aria-label': 'Sort by ' + column.name,
        onclick: () => sortBy(column) }, label, el('span', { class: 'arrow', 'aria-hidden': 'true' })));
  });

  function sortBy(column) {
    tableState.down = tableState.key === column.key ? !tableState.down : !(column.text || column.key === 'oee');
    tableState.key = column.key;
    tableState.from = 0;
    draw();
  }

  function matching() {
    const wanted = tableState.search.trim().toLowerCase();
    const rows = all.filter((process) =>
      (!tableState.belowOnly || isBelow(process))
      && (wanted === '' || process.id.toLowerCase().includes(wanted)
        || [process.site, process.area, process.constraint].some((text) => String(text || '').toLowerCase().includes(wanted))
        || lossName(process.largest_loss).toLowerCase().includes(wanted)));
    const { key, down } = tableState;
    if (key) {
      const column = COLUMNS.find((candidate) => candidate.key === key);
      const ids = new Intl.Collator('en', { numeric: true });
      rows.sort((a, b) => {
        const left = sortValue(a, key);
        const right = sortValue(b, key);
        if (left === null || left === undefined || right === null || right === undefined) {
          // What is not known stands last, whichever way.
          return (right === null || right === undefined ? 0 : 1) - (left === null || left === undefined ? 0 : 1);
        }
        return (column.text ? ids.compare(left, right) : left - right) * (down ? -1 : 1);
      });
    }
    return rows;
  }

  function draw() {
    const rows = matching();
    tableState.from = Math.min(tableState.from, Math.max(0, rows.length - 1));
    const shown = rows.slice(tableState.from, tableState.from + PAGE);
    body.replaceChildren(...shown.map(processRow));
    if (shown.length === 0) {
      body.append(el('tr', { class: 'none' }, el('td', { colspan: COLUMNS.length }, 'No process matches.')));
    }
    found.textContent = rows.length === all.length
      ? (tableState.key ? '' : 'Worst first. ') + countOf(all.length, 'process', 'processes') + '.'
      : `${countOf(rows.length, 'process', 'processes')} of ${count(all.length)}.`;
    const buttons = pager(tableState.from, PAGE, rows.length, (from) => {
      tableState.from = from;
      draw();
      table.scrollIntoView({ block: 'start' });
    });
    pages.replaceChildren(...(buttons ? [buttons] : []));
    heads.forEach((head, index) => {
      const active = COLUMNS[index].key === tableState.key;
      head.toggleAttribute('aria-sort', active);
      if (active) {
        head.setAttribute('aria-sort', tableState.down ? 'descending' : 'ascending');
      }
    });
  }

  const search = el('input', { type: 'search', id: 'search', value: tableState.search, autocomplete: 'off', spellcheck: 'false',
    placeholder: 'Process, place, constraint or loss', oninput: (event) => {
      tableState.search = event.target.value;
      tableState.from = 0;
      draw();
    } });
  const below = el('input', { type: 'checkbox', checked: tableState.belowOnly, onchange: (event) => {
    tableState.belowOnly = event.target.checked;
    tableState.from = 0;
    draw();
  } });
  // On a phone the column heads are not shown: the order is chosen here.
  const order = el('select', { id: 'order', onchange: (event) => {
    const [key, way] = event.target.value.split(' ');
    Object.assign(tableState, { key: key || null, down: way === 'down', from: 0 });
    draw();
  } }, [['', 'Worst first'], ['id up', 'Process'], ['oee down', 'Best OEE'], ['below down', 'Windows below target'],
    ['largest_loss_share down', 'Largest loss'], ['notes down', 'Most notes']].map(([value, name]) =>
    el('option', { value, selected: value === (tableState.key ? tableState.key + (tableState.down ? ' down' : ' up') : '') }, name)));
  const table = el('table', { class: 'processes' }, el('caption', { class: 'unseen' }, 'Processes, worst first'),
    el('thead', null, el('tr', null, heads)), body);
  draw();
  return section('processes', 'Processes',
    el('div', { class: 'controls' },
      el('label', { for: 'search', class: 'field' }, el('span', null, 'Search'), search),
      el('label', { for: 'order', class: 'field order' }, el('span', null, 'Order'), order),
      el('label', { class: 'check' }, below, ' Below target only'), found),
    table, pages,
    detailed < all.length && el('p', { class: 'note' },
      `This file holds the timelines of ${detailed === 0 ? 'none of the' : 'the ' + count(detailed) + ' worst'} processes. To see another one, run the replay again with `,
      el('code', null, '--report-process ID'), '.'));
}
