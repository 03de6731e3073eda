// The charts of ECharts: drawn when they come into view, redrawn when the theme, the zone or the width changes. They show no HTML
// tooltip; what lies under the cursor is written as text beside the chart, by mouse, touch and arrow keys alike.

// Pixels from the top of every chart.
const INSIDE_FIRST_PLOT = 40;

const drawn = new Map();
const darkTheme = matchMedia('(prefers-color-scheme: dark)');

const onView = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      onView.unobserve(entry.target);
      drawn.get(entry.target)?.draw();
    }
  }
}, { rootMargin: '200px' });

const onResize = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const chart = drawn.get(entry.target);
    const width = entry.target.clientWidth;
    // Hidden, it has no width; it is drawn anew when it has one that it was not drawn for.
    if (chart?.instance && width > 0 && width !== chart.width) {
      chart.draw();
    }
  }
});

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

// A canvas does not inherit.
function pageFont() {
  return getComputedStyle(document.body).fontFamily;
}

// The figure is keyboard-operable: arrows move the cursor, plus and minus zoom, 0 shows all.
function chartFigure({ label, height, option, times, span, read, legend, zoomable, onclick }) {
  const box = el('div', { class: 'chart', tabindex: '0', role: 'application', 'aria-label': label });
  const readout = el('div', { class: 'readout' });
  const chart = { box, width: 0, instance: null, at: -1, zoom: [0, 100] };
  const show = (time) => readout.replaceChildren(...[read(time)].flat());
  const idle = () => readout.replaceChildren(...[read(null)].flat());
  chart.draw = () => {
    box.style.height = height(box.clientWidth) + 'px';
    chart.width = box.clientWidth;
    chart.instance?.dispose();
    chart.instance = echarts.init(box, null, { renderer: 'canvas' });
    chart.instance.setOption({ useUTC: clock.utc, animation: false, textStyle: { fontFamily: pageFont() },
      ...option(box.clientWidth, chart.zoom) });
    chart.instance.on('updateAxisPointer', (event) => {
      const axis = event.axesInfo && event.axesInfo[0];
      if (axis) {
        chart.at = nearest(times, axis.value);
        show(axis.value);
      }
    });
    chart.instance.on('globalout', idle);
    chart.instance.on('datazoom', () => {
      const zoom = chart.instance.getOption().dataZoom[0];
      chart.zoom = [zoom.start, zoom.end];
    });
    if (onclick) {
      chart.instance.on('click', onclick);
    }
  };
  const zoomTo = (start, end) => {
    const width = Math.min(100, Math.max(0.5, end - start));
    const from = Math.min(100 - width, Math.max(0, start));
    chart.instance?.dispatchAction({ type: 'dataZoom', start: from, end: from + width });
  };
  const placeOfCursor = () => chart.at < 0 ? -1 : (100 * (times[chart.at] - span[0])) / Math.max(1, span[1] - span[0]);
  const zoomBy = (factor) => {
    const [start, end] = chart.zoom;
    const cursor = placeOfCursor();
    const middle = factor < 1 && cursor >= start && cursor <= end ? cursor : (start + end) / 2;
    zoomTo(middle - ((end - start) * factor) / 2, middle + ((end - start) * factor) / 2);
  };
  const shift = (share) => {
    const [start, end] = chart.zoom;
    zoomTo(start + (end - start) * share, end + (end - start) * share);
  };
  box.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (step && times.length) {
      chart.at = Math.min(times.length - 1, Math.max(0, chart.at < 0 ? (step > 0 ? 0 : times.length - 1) : chart.at + step));
      // Read aloud what the keys point at, not every move of a mouse.
      readout.setAttribute('aria-live', 'polite');
      show(times[chart.at]);
      const cursor = placeOfCursor();
      const [start, end] = chart.zoom;
      if (cursor < start || cursor > end) {
        zoomTo(cursor - (end - start) / 2, cursor + (end - start) / 2);
      }
      const x = chart.instance?.convertToPixel({ xAxisIndex: 0 }, times[chart.at]);
      chart.instance?.dispatchAction({ type: 'updateAxisPointer', x, y: INSIDE_FIRST_PLOT });
    } else if (zoomable && (event.key === '+' || event.key === '-')) {
      zoomBy(event.key === '+' ? 0.5 : 2);
    } else if (zoomable && event.key === '0') {
      zoomTo(0, 100);
    } else {
      return;
    }
    event.preventDefault();
  });
  box.addEventListener('pointermove', () => readout.removeAttribute('aria-live'));
  const button = (text, name, act) => el('button', { type: 'button', title: name, 'aria-label': name, onclick: act }, text);
  const tools = zoomable && el('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
    button('←', 'Earlier', () => shift(-0.5)), button('→', 'Later', () => shift(0.5)),
    button('+', 'Zoom in', () => zoomBy(0.5)), button('−', 'Zoom out', () => zoomBy(2)),
    button('All', 'Show the whole period', () => zoomTo(0, 100)));
  idle();
  drawn.set(box, chart);
  libraryRead(() => onView.observe(box));
  onResize.observe(box);
  return el('figure', { class: 'chart-figure' },
    el('div', { class: 'chart-head' }, readout, tools), box, legend && el('figcaption', null, legend));
}

// The page is shown before the browser has read the library, which stands last in the file.
function libraryRead(then) {
  if (document.readyState === 'loading') {
    addEventListener('DOMContentLoaded', then, { once: true });
  } else {
    then();
  }
}

function forgetCharts(root) {
  for (const [box, chart] of drawn) {
    if (root.contains(box)) {
      onView.unobserve(box);
      onResize.unobserve(box);
      chart.instance?.dispose();
      drawn.delete(box);
    }
  }
}

function redrawCharts() {
  for (const chart of drawn.values()) {
    if (chart.instance && chart.box.offsetParent !== null) {
      chart.draw();
    } else {
      chart.width = 0;
    }
  }
}

// Paper is white and its reader scrolls nothing into view.
function printCharts(on) {
  document.documentElement.classList.toggle('paper', on);
  for (const chart of drawn.values()) {
    if (chart.box.offsetParent !== null) {
      chart.draw();
    }
  }
}

darkTheme.addEventListener('change', redrawCharts);
addEventListener('beforeprint', () => printCharts(true));
addEventListener('afterprint', () => printCharts(false));

function nearest(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && time - times[low - 1] < times[low] - time ? low - 1 : low;
}

function timeAxis(gridIndex, from, to, { labels, narrow }) {
  const long = to - from > 3 * DAY;
  return {
    type: 'time', gridIndex, min: from, max: to,
    splitNumber: narrow ? 3 : 8,
    axisLine: { show: labels, lineStyle: { color: colour('rule') } },
    axisTick: { show: labels, lineStyle: { color: colour('rule') } },
    splitLine: { show: true, lineStyle: { color: colour('grid') } },
    axisLabel: { show: labels, color: colour('muted'), hideOverlap: true, fontSize: 11,
      formatter: (value) => long || clock.time(value) === '00:00' ? clock.day(value) : clock.time(value) },
    axisPointer: { show: true, snap: false, label: { show: false }, lineStyle: { color: colour('ink'), width: 1, type: 'solid' } },
  };
}

function ratioAxis(gridIndex, top) {
  return {
    type: 'value', gridIndex, min: 0, max: top, interval: top > 1.01 ? undefined : 0.25,
    axisLabel: { color: colour('muted'), fontSize: 11, formatter: (value) => Math.round(value * 100) + ' %' },
    splitLine: { lineStyle: { color: colour('grid') } },
    axisPointer: { show: false },
  };
}

function rowAxis(gridIndex, names, width) {
  return {
    type: 'category', gridIndex, inverse: true, data: names.map((name, index) => index),
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false },
    axisLabel: { color: colour('ink'), fontSize: 12, interval: 0, width, overflow: 'truncate', margin: 8,
      formatter: (index) => oneLine(names[index] ?? '') },
    axisPointer: { show: false },
  };
}

// Plots one below another keep the same width, whatever their labels need.
const exactly = { outerBoundsMode: 'none' };

function gridTitle(text, top) {
  return { text, left: 0, top, padding: 0, textStyle: { color: colour('ink'), fontSize: 13, fontWeight: 600, fontFamily: pageFont() } };
}

function byFinger() {
  return matchMedia('(pointer: coarse)').matches;
}

function hint(what) {
  return byFinger() ? `Tap the ${what} to read it.` : `Point at the ${what}, or use the arrow keys, to read it. Ctrl and wheel zoom.`;
}

function zoomSliders(axes, zoom, bottom, left, right) {
  const all = { xAxisIndex: axes, filterMode: 'none', start: zoom[0], end: zoom[1], minSpan: 0.5 };
  const slider = { ...all, type: 'slider', bottom, left, right, height: 22, showDetail: false, brushSelect: false,
    showDataShadow: false, borderColor: colour('rule'), backgroundColor: 'transparent', fillerColor: colour('veil'),
    handleStyle: { color: colour('surface'), borderColor: colour('muted') }, moveHandleSize: 0 };
  // A plain wheel scrolls the page; a finger scrolls it too.
  return byFinger() ? [slider] : [slider, { ...all, type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }];
}

const PATTERNS = {
  slant: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  cross: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: Math.PI / 4 },
  dots: { symbol: 'circle', symbolSize: 0.7, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0] },
};

function pattern(name, ink) {
  return name ? { ...PATTERNS[name], color: ink } : null;
}

// A bar from one time to another in a row, clipped to the plot; null where nothing of it is in view.
function barShape(params, api, from, to, row, top, bottom) {
  const area = params.coordSys;
  const [x0, y] = api.coord([from, row]);
  const [x1] = api.coord([to, row]);
  const height = api.size([0, 1])[1];
  const left = Math.max(area.x, x0);
  const right = Math.min(area.x + area.width, Math.max(x1, x0 + 1));
  if (right <= area.x || left >= area.x + area.width || right <= left) {
    return null;
  }
  return { x: left, y: y - height / 2 + height * top, width: right - left, height: Math.max(2, height * (bottom - top)) };
}
