// START HERE. Asks the worker for changes every two seconds, draws them, and goes on asking where it does not answer.

const EVERY = 2_000;
const HIDDEN_EVERY = 15_000;
const SLOWEST = 10_000;
const RESTART_SHOWN = 30_000;

const page = { table: null, failures: 0, since: null, places: {}, drawn: {} };

const PLACES = [
  ['overview', () => overview(page.all)],
  ['losses', () => losses(page.all)],
  ['constraints', () => constraints()],
  ['processes', null],
  ['adjustments', () => adjustments()],
  ['shards', () => shardsTable()],
  ['data', () => dataQuality()],
  ['spending', () => spending()],
];

function build() {
  page.table = processesTable();
  for (const [name] of PLACES) {
    page.places[name] = name === 'processes' ? page.table.node : el('section', { id: name, class: 'place-' + name });
    page.table.node.classList.add('place-processes');
  }
  // Columns of their own on a wall screen; elsewhere as if they were not there.
  const column = (...names) => el('div', { class: 'column' }, names.map((name) => page.places[name]));
  document.getElementById('plant').replaceChildren(page.places.overview, column('losses', 'constraints'), page.places.processes,
    column('adjustments', 'shards', 'data', 'spending'));
}

function replace(node, content) {
  keepingFocus(node, () => {
    const list = node.querySelector('.adjustments');
    const scrolled = list ? list.scrollTop : 0;
    node.replaceChildren(...[content].flat(Infinity).filter(Boolean));
    const now = node.querySelector('.adjustments');
    if (now) {
      now.scrollTop = scrolled;
    }
  });
}

function requestedProcess() {
  const match = /^#process=(.*)$/.exec(location.hash);
  try {
    return match ? decodeURIComponent(match[1]) : null;
  } catch {
    return match[1];
  }
}

function draw() {
  if (!plant.head) {
    return;
  }
  const id = requestedProcess();
  const view = document.getElementById('process-view');
  document.getElementById('plant').hidden = id !== null;
  view.hidden = id === null;
  replace(document.getElementById('health'), healthNotices(plant.head.health));
  if (id !== null) {
    replace(view, processView(id));
  } else {
    page.all = together();
    for (const [name, content] of PLACES) {
      if (content) {
        replace(page.places[name], content());
      }
    }
    page.table.draw();
  }
  document.title = (id === null ? '' : oneLine(id) + ' – ') + 'process-optimizer';
  document.getElementById('product').textContent = oneLine(plant.head.product);
  document.getElementById('colophon').textContent = `Worker ${oneLine(plant.head.worker)}. Times are ${clock.utc ? 'UTC' : clock.localName()}.`;
}

function pulse(isFine) {
  const node = document.getElementById('pulse');
  node.className = 'pulse ' + (isFine ? 'fine' : 'lost');
  const text = isFine ? '● live' : '○ no answer';
  if (node.textContent !== text) {
    node.textContent = text; // said aloud only when it changes
  }
  const trouble = document.getElementById('trouble');
  trouble.hidden = isFine || page.failures < 2;
  if (!trouble.hidden) {
    trouble.textContent = 'The worker does not answer' + (page.since ? ' since ' + seconds(page.since) : '')
      + '. What is shown is of then; this page asks again by itself.';
  }
}

function sayRestarted() {
  const node = document.getElementById('restarted');
  node.hidden = false;
  node.textContent = `The worker was restarted (${seconds(Date.now())}). Counts begin anew; results go on where they were.`;
  setTimeout(() => { node.hidden = true; }, RESTART_SHOWN);
}

async function tick() {
  let wait = EVERY;
  try {
    const answer = await fetchChanges();
    const isOther = takeChanges(answer);
    page.failures = 0;
    page.since = Date.now();
    pulse(true);
    draw();
    if (isOther) {
      sayRestarted();
    }
    wait = document.hidden ? HIDDEN_EVERY : EVERY;
  } catch (error) {
    page.failures += 1;
    pulse(false);
    wait = Math.min(SLOWEST, EVERY * page.failures);
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError || /^the worker answered/.test(error.message))) {
      console.error(error);
    }
  }
  page.timer = setTimeout(tick, wait);
}

function zoneSwitch() {
  const button = (text, utc) => el('button', { type: 'button', 'aria-pressed': String(clock.utc === utc), onclick: () => {
    clock.utc = utc;
    zoneSwitch();
    draw();
  } }, text);
  keepingFocus(document.getElementById('zone'), () => document.getElementById('zone').replaceChildren(button('Local', false), button('UTC', true)));
}

build();
zoneSwitch();
addEventListener('hashchange', () => {
  draw();
  const view = document.getElementById('process-view');
  if (!view.hidden) {
    scrollTo(0, 0);
    view.querySelector('h1')?.focus({ preventScroll: true });
  } else {
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    clearTimeout(page.timer);
    tick();
  }
});
tick();
