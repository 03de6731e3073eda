// START HERE. Reads the data, shows the report or one process (#process=ID), follows the address, the zone and the theme.

const report = { data: null, shown: null };

function isAlone(data) {
  return (data.processes || []).length === 1;
}

function reportPage(data) {
  const several = (data.processes || []).length > 1;
  const lead = [
    el('h1', { tabindex: '-1' }, data.title || 'Replay report'),
    el('p', { class: 'period' }, isKnown(data.from) && isKnown(data.to)
      ? [clock.span(data.from, data.to), el('span', { class: 'note' }, ` ${clock.utc ? 'UTC' : clock.localName()} · ${duration(data.to - data.from)}`)]
      : 'No period: nothing was replayed.'),
  ];
  const alone = isAlone(data);
  const nothing = (data.processes || []).length === 0;
  return [
    el('div', { id: 'overview' }, lead, nothing
      ? el('p', { class: 'headline' }, 'No window was computed. The data quality below tells what became of the records.')
      : several && overview(data)),
    alone && [el('h2', { class: 'process-title' }, data.processes[0].id), processBody(data, data.processes[0])],
    several && el('div', { class: 'columns plant' },
      el('section', { 'aria-label': 'OEE over time' }, el('h2', null, 'OEE over time'), plantFigure(data)),
      el('section', { 'aria-label': 'Losses' }, el('h2', null, 'Where the time went'), waterfall(data.plant || {}, 'Losses of all processes'))),
    several && (data.places || []).length > 0 && placesSection(data),
    several && (data.shifts || []).length > 0 && shiftsSection(data),
    data.comparison && comparisonSection(data),
    several && processesSection(data),
    dataQuality(data),
    el('details', { class: 'figures' }, el('summary', null, 'How this was computed'),
      el('dl', { class: 'settings' },
        el('div', null, el('dt', null, 'Window'), el('dd', null, data.window ? `${oneLine(data.window.name)}, ${windowText(data.window)}` : NOT_KNOWN)),
        el('div', null, el('dt', null, 'Input'), el('dd', null, (data.inputs || []).join(', ') || NOT_KNOWN))),
      el('h3', null, 'Settings that differ from their defaults'), settingsList(data.settings)),
  ];
}

function requestedProcess() {
  const match = /^#process=(.*)$/.exec(location.hash);
  if (!match) {
    return null;
  }
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}

function navigation(data) {
  const several = (data.processes || []).length > 1;
  const links = [['overview', 'Overview'], several && (data.places || []).length > 0 && ['places', 'Sites'],
    several && (data.shifts || []).length > 0 && ['shifts', 'Shifts'], data.comparison && ['comparison', 'Comparison'], several && ['processes', 'Processes'],
    ['data', 'Data']].filter(Boolean);
  document.getElementById('sections').replaceChildren(...links.map(([id, name]) => el('a', { href: '#' + id }, name)));
}

function zoneSwitch() {
  const button = (text, utc) => el('button', { type: 'button', 'aria-pressed': String(clock.utc === utc), onclick: () => {
    clock.utc = utc;
    zoneSwitch();
    show(true);
  } }, text);
  document.getElementById('zone').replaceChildren(button('Local', false), button('UTC', true));
}

// Builds what the address asks for. The report stays as it is while a process is looked at, so that going back is instant.
function show(anew) {
  const view = document.getElementById('process-view');
  const page = document.getElementById('report');
  const id = requestedProcess();
  if (anew || page.childElementCount === 0) {
    forgetCharts(page);
    page.replaceChildren(...reportPage(report.data).flat(Infinity).filter(Boolean));
  }
  if (anew || id !== report.shown) {
    forgetCharts(view);
    view.replaceChildren(...(id === null ? [] : processPage(report.data, id).flat(Infinity).filter(Boolean)));
  }
  page.hidden = id !== null;
  view.hidden = id === null;
  const moved = id !== report.shown;
  report.shown = id;
  document.title = (id === null ? '' : oneLine(id) + ' – ') + oneLine(report.data.title || 'Replay report');
  if (moved && !anew) {
    if (id !== null) {
      scrollTo(0, 0);
      view.querySelector('h1').focus({ preventScroll: true });
    } else {
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }
  }
}

function start() {
  const failure = document.getElementById('failure');
  try {
    report.data = JSON.parse(document.getElementById('data').textContent);
    document.getElementById('product').textContent = oneLine(report.data.product || 'process-optimizer');
    document.getElementById('colophon').textContent = `Made by ${oneLine(report.data.product || 'process-optimizer')}`
      + (isKnown(report.data.created) ? ' on ' + clock.full(report.data.created) : '') + '. Charts: Apache ECharts.';
    navigation(report.data);
    zoneSwitch();
    show(false);
    addEventListener('hashchange', () => show(false));
  } catch (error) {
    failure.hidden = false;
    failure.textContent = 'The data of this report cannot be shown: ' + error.message;
    throw error;
  }
}

start();
