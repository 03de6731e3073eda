// Two or more configurations over the same records: what each would have said, and where they part.

const CHANGES_PAGE = 15;

const WHAT = { status: 'Status', constraint: 'Constraint', bottlenecks: 'Bottlenecks', adjustment: 'Adjustment' };

function signed(value, text) {
  return (value > 0 ? '+' : value < 0 ? '−' : '±') + text(Math.abs(value));
}

function comparisonSection(data) {
  const comparison = data.comparison;
  const summary = comparison.summary || [];
  const base = summary[0] || {};
  return section('comparison', 'Comparison',
    el('p', { class: 'lead' }, comparisonSentence(summary)),
    el('div', { class: 'variants' }, summary.map((variant, index) => variantCard(variant, base, comparison.variants?.[index], index === 0))),
    el('h3', null, 'What changed'),
    changes(comparison));
}

function comparisonSentence(summary) {
  const [base, ...others] = summary;
  if (!base || others.length === 0) {
    return 'There is nothing to compare.';
  }
  return others.map((variant) => {
    const flips = variant.changed_status || 0;
    const adjustments = (variant.adjustments_added || 0) + (variant.adjustments_removed || 0);
    return flips + adjustments + (variant.changed_constraint || 0) + (variant.changed_bottlenecks || 0) === 0
      ? `${oneLine(variant.name)} says the same as ${oneLine(base.name)}.`
      : `${oneLine(variant.name)} judges ${countOf(flips, 'window')} otherwise and differs in ${countOf(adjustments, 'adjustment')}.`;
  }).join(' ');
}

function variantCard(variant, base, described, isBase) {
  const row = (name, value, baseValue, text, share) => {
    const difference = !isBase && isKnown(value) && isKnown(baseValue) ? value - baseValue : null;
    return el('tr', null, el('th', { scope: 'row' }, name), el('td', { class: 'number' }, text(value)),
      el('td', { class: 'number note' }, difference === null ? '' : difference === 0 ? '=' : signed(difference, share)));
  };
  const points = (value) => (value * 100).toFixed(1) + ' points';
  return el('article', { class: 'variant' },
    el('h3', null, variant.name, isBase && el('span', { class: 'tag' }, 'base')),
    settingsList(described?.settings),
    el('table', { class: 'bars' }, el('caption', { class: 'unseen' }, 'Figures of ' + variant.name), el('thead', { class: 'unseen' },
      el('tr', null, ['Figure', 'Value', 'Against the base'].map((name) => el('th', { scope: 'col' }, name)))), el('tbody', null,
      row('Median OEE', variant.oee_median, base.oee_median, percent, points),
      row('Windows', variant.windows, base.windows, count, count),
      row('Windows below target', variant.below_target, base.below_target, count, count),
      row('Bottlenecks flagged', variant.bottlenecks_flagged, base.bottlenecks_flagged, count, count),
      row('Adjustments', variant.adjustments, base.adjustments, count, count))),
    !isBase && el('p', { class: 'note' }, [
      `Changed: status of ${countOf(variant.changed_status || 0, 'window')}, constraint of ${count(variant.changed_constraint || 0)}, bottlenecks of ${count(variant.changed_bottlenecks || 0)}.`,
      ` Adjustments: ${count(variant.adjustments_added || 0)} added, ${count(variant.adjustments_removed || 0)} gone.`,
      (variant.only_in_base || variant.only_in_variant)
        ? ` Windows only here: ${count(variant.only_in_variant || 0)}; only in the base: ${count(variant.only_in_base || 0)}.` : '']));
}

function changes(comparison) {
  const all = comparison.changes || [];
  if (all.length === 0) {
    return el('p', { class: 'good' }, '✓ No result changed.');
  }
  const wanted = { variant: '', what: '' };
  const list = el('tbody');
  const pages = el('div');
  const found = el('p', { class: 'found', role: 'status' });
  const draw = (from) => {
    const rows = all.filter((change) => (!wanted.variant || change.variant === wanted.variant) && (!wanted.what || change.what === wanted.what));
    list.replaceChildren(...rows.slice(from, from + CHANGES_PAGE).map((change) => el('tr', null,
      el('th', { scope: 'row' }, processLink(change.process)),
      el('td', { 'data-name': 'Window end' }, clock.at(change.window_end)),
      el('td', { 'data-name': 'What' }, WHAT[change.what] || oneLine(change.what)),
      el('td', { class: 'change', 'data-name': 'Change' }, el('span', { class: 'before' }, valueText(change.base)), ' → ',
        el('span', { class: 'after' }, valueText(change.variant_value)),
        el('span', { class: 'note' }, ' ' + oneLine(change.variant))),
      el('td', { class: 'note', 'data-name': 'Why' }, change.why))));
    found.textContent = countOf(rows.length, 'change')
      + (comparison.changes_left_out > 0 ? `, ${count(comparison.changes_left_out)} more left out of this file.` : '.');
    const buttons = pager(from, CHANGES_PAGE, rows.length, draw);
    pages.replaceChildren(...(buttons ? [buttons] : []));
  };
  const choice = (name, key, options) => el('label', { class: 'field' }, el('span', null, name),
    el('select', { onchange: (event) => {
      wanted[key] = event.target.value;
      draw(0);
    } }, el('option', { value: '' }, 'All'), options.map(([value, text]) => el('option', { value }, text))));
  const variants = [...new Set(all.map((change) => change.variant))];
  const whats = [...new Set(all.map((change) => change.what))];
  draw(0);
  return [el('div', { class: 'controls' },
    variants.length > 1 && choice('Variant', 'variant', variants.map((name) => [name, oneLine(name)])),
    choice('What', 'what', whats.map((what) => [what, WHAT[what] || oneLine(what)])), found),
  el('table', { class: 'changes' }, el('caption', { class: 'unseen' }, 'Results that changed'), el('thead', null, el('tr', null,
    ['Process', 'Window end', 'What', 'Change', 'Why'].map((name) => el('th', { scope: 'col' }, name)))), list), pages];
}

function valueText(value) {
  if (value === null || value === undefined || value === '') {
    return 'none';
  }
  return String(value).replaceAll('_', ' ');
}
