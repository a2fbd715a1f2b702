/** Draws the lanes of `lanes.ts` as SVG. The trace table says the same in words. */

import { type Child, h, svg } from './dom.js';
import type { LaneEvent, Lanes } from './lanes.js';

const LANE_HEIGHT = 30;
const AXIS_HEIGHT = 26;
const MARGIN = 10;
const CHARACTER = 7.3;

export function drawLanes(lanes: Lanes): HTMLElement {
  const { names, events, ticks, gaps } = lanes;
  const left = MARGIN + Math.max(...names.map((name) => name.length)) * CHARACTER + 18;
  const width = left + lanes.width + MARGIN;
  const height = names.length * LANE_HEIGHT + AXIS_HEIGHT;
  const bottom = names.length * LANE_HEIGHT;
  const image = svg(
    'svg',
    {
      class: 'lanes',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': `${events.length} events of ${names.length} objects on a time axis; the trace table lists them`,
    },
    svg('line', { class: 'axis', x1: left - 8, x2: width, y1: bottom, y2: bottom }),
    ...names.map((name, lane) => drawLane(name, lane, left, width)),
    ...ticks.map(({ x, label }) =>
      svg(
        'g',
        { class: 'tick' },
        svg('line', { x1: left + x, x2: left + x, y1: 0, y2: bottom + 5 }),
        svg('text', { x: left + x, y: bottom + 18 }, label),
      ),
    ),
    ...gaps.map(({ x, label }) => drawGap(left + x, bottom, label)),
    ...events.map((event) => drawEvent(event, left)),
  );
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Timeline' }, image);
}

function drawLane(name: string, lane: number, left: number, width: number): SVGElement {
  const y = lane * LANE_HEIGHT;
  return svg(
    'g',
    { class: 'lane' },
    svg('line', { x1: left - 8, x2: width, y1: y + LANE_HEIGHT / 2, y2: y + LANE_HEIGHT / 2 }),
    svg('text', { x: left - 18, y: y + LANE_HEIGHT / 2 + 4, 'text-anchor': 'end' }, name),
  );
}

/** A break in the axis: here time passed that is not drawn to scale. */
function drawGap(x: number, y: number, label: string): SVGElement {
  return svg(
    'g',
    { class: 'gap' },
    svg('title', {}, `${label} of silence, shortened`),
    svg('path', { d: `M${x - 4} ${y + 5}l4 -10M${x + 1} ${y + 5}l4 -10` }),
    svg('text', { x, y: y + 18, 'text-anchor': 'middle' }, `+${label}`),
  );
}

function drawEvent({ lane, x, t, label, text, mark }: LaneEvent, left: number): SVGElement {
  const at = left + x;
  const y = lane * LANE_HEIGHT + LANE_HEIGHT / 2;
  return svg(
    'g',
    { class: `event ${mark}` },
    svg('title', {}, `${t.toFixed(1)} ms  ${text}`),
    shape(mark, at, y),
    svg('text', { x: at + 8, y: y + 4 }, label),
  );
}

function shape(mark: LaneEvent['mark'], x: number, y: number): Child {
  if (mark === 'diverges') return svg('path', { d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z` });
  if (mark === 'unexpected') return svg('rect', { x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
  return svg('circle', { cx: x, cy: y, r: mark === 'info' ? 3 : 4 });
}
