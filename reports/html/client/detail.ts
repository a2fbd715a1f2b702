/** All that is known of one result. */

import type { DocumentedSection, Failure, Result, Results, TraceRow, TranscriptLine } from '../../model.js';
import { duration } from '../../text.js';
import { explain, isExpected, isSurprise, LABELS } from '../../verdicts.js';
import { type Child, h } from './dom.js';
import { drawLanes } from './draw.js';
import { layout } from './lanes.js';
import { coverageHash, documentationLink } from './links.js';
import { EVERYTHING, format } from './view.js';

const WORD = /\w/;

/** Rows of a long table that are shown at once. */
const MOST_ROWS = 300;

export function detail(result: Result, { results, documentation = [] }: Results): HTMLElement {
  return h(
    'div',
    { class: 'detail' },
    requirements(result, documentation),
    why(result),
    disputed(result),
    blockedBy(result, results),
    failures(result.failures ?? []),
    trace(result.trace ?? []),
    timeline(result.trace ?? []),
    transcript(result.transcript ?? []),
    reproduce(result),
  );
}

function part(title: string, ...children: Child[]): HTMLElement {
  return h('section', {}, h('h4', {}, title), ...children);
}

function requirements({ covers, module, section }: Result, documentation: readonly DocumentedSection[]): HTMLElement {
  const items = covers.flatMap(({ id, says }) => {
    const home = documentation.find((one) => one.requirements.some((requirement) => requirement.id === id));
    const name = h('code', {}, id);
    return [h('dt', {}, home ? h('a', { href: coverageHash(home, id) }, name) : name), h('dd', {}, says)];
  });
  const own = documentation.find((one) => one.module === module && one.anchor === section);
  return part(
    'The documentation requires',
    items.length > 0 && h('dl', { class: 'requirements' }, ...items),
    h(
      'p',
      { class: 'where' },
      'Section ',
      documentationLink(module, section),
      own && ': ',
      own && h('a', { href: coverageHash(own) }, 'its requirements and vectors'),
    ),
  );
}

function why(result: Result): HTMLElement | false {
  const { verdict, reason, expected } = result;
  if (verdict === 'disputed') return false;
  const known = expected && (isExpected(result) || isSurprise(result));
  const text = verdict === 'blocked' ? (reason ?? '') : explain(result);
  if (!text && !reason) return false;
  return part(
    verdict === 'not-applicable' ? 'What is missing' : 'Reason',
    known && h('p', { class: 'expectation' }, explain(result)),
    !(known && !reason) && h('p', { class: 'reason' }, reason ?? text),
  );
}

function disputed({ verdict, shows, reason }: Result): HTMLElement | false {
  if (verdict !== 'disputed') return false;
  const side = (name: typeof shows, title: string): HTMLElement =>
    h(
      'li',
      name === shows ? { class: 'seen', 'aria-current': 'true' } : {},
      h('strong', {}, title),
      name === shows ? ' — this target does so' : '',
    );
  return part(
    'Disputed',
    reason !== undefined && h('p', { class: 'reason' }, reason),
    h('ul', { class: 'sides' }, side('documented', 'What the documentation says'), side('node', 'What Node does')),
  );
}

function blockedBy({ blockedBy = [] }: Result, results: readonly Result[]): HTMLElement | false {
  if (blockedBy.length === 0) return false;
  const items = blockedBy.map((id) => {
    const blocker = results.find((result) => result.id === id);
    const link = h('a', { href: format({ ...EVERYTHING, open: id }) }, h('code', {}, id));
    return blocker ? h('li', {}, link, ` ${LABELS[blocker.verdict].toLowerCase()}`) : h('li', {}, h('code', {}, id));
  });
  return part('Blocked by', h('ul', { class: 'blockers' }, ...items));
}

function failures(list: readonly Failure[]): HTMLElement | false {
  if (list.length === 0) return false;
  const rows = list.map(({ at, what, expected, actual }) => {
    const [left, right] = contrast(expected, actual);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, what, h('small', {}, at)),
      h('td', {}, ...left),
      h('td', { class: 'bad' }, ...right),
    );
  });
  return part(
    list.length === 1 ? 'Failed expectation' : 'Failed expectations',
    table('Failed expectations', 'failures', ['Expectation', 'Expected', 'Actual'], rows),
  );
}

const MARKS: Readonly<Record<TraceRow['mark'], [sign: string, said: string]>> = {
  same: ['', ''],
  diverges: ['≠', 'first divergence'],
  missing: ['−', 'missing'],
  unexpected: ['+', 'unexpected'],
  info: ['', ''],
};

/** An expectation that failed between two lines of the trace. */
const FAILED = ['!', 'failed here'] as const;

function trace(rows: readonly TraceRow[]): HTMLElement | false {
  if (rows.length === 0) return false;
  const around = rows.findIndex(({ mark }) => mark === 'diverges');
  const draw = (shown: readonly TraceRow[]): HTMLElement => {
    const box = table('Trace', 'trace', ['ms', 'Mark', 'Expected', 'Actual'], shown.map(traceRow));
    requestAnimationFrame(() => scrollTo(box, box.querySelector<HTMLElement>('.diverges')));
    return box;
  };
  const silent = rows.every(({ mark }) => mark === 'info') && rows.some(({ expected }) => expected === undefined);
  return part(
    'Trace',
    silent && h('p', { class: 'where' }, 'The vector expects nothing of its trace; this is what happened.'),
    long(rows, around, draw),
  );
}

/** Within a box that is too small for all: with some rows before it. */
function scrollTo(box: HTMLElement, row: HTMLElement | null): void {
  if (row) box.scrollTop = Math.max(0, row.offsetTop - box.clientHeight / 2);
}

function traceRow({ t, expected, actual, mark }: TraceRow): HTMLElement {
  const failed = mark === 'info' && expected !== undefined;
  const [sign, said] = failed ? FAILED : MARKS[mark];
  const compared = mark !== 'same' && !failed && expected !== undefined && actual !== undefined;
  const [left, right] = compared ? contrast(expected, actual) : [[expected], [actual]];
  const absent = (text: string): HTMLElement => h('span', { class: 'absent' }, text);
  return h(
    'tr',
    { class: failed ? 'failed' : mark },
    h('td', { class: 'time' }, t === undefined ? '' : t.toFixed(1)),
    h('td', { class: 'mark' }, sign && h('span', { 'aria-hidden': true }, sign), said && ` ${said}`),
    h('td', {}, ...left),
    h('td', {}, ...(actual === undefined && mark !== 'info' ? [absent('did not happen')] : right)),
  );
}

function timeline(rows: readonly TraceRow[]): HTMLElement | false {
  const lanes = layout(rows);
  const { events, left } = lanes;
  const note = `${events.length} of ${events.length + left} events: those around the first divergence.`;
  return (
    events.length > 1 &&
    part('Timeline of what happened', drawLanes(lanes), left > 0 && h('p', { class: 'where' }, note))
  );
}

const DIRECTIONS: { [kind: string]: string } = { sent: '→ sent', received: '← received' };

function transcript(lines: readonly TranscriptLine[]): HTMLElement | false {
  if (lines.length === 0) return false;
  return part(
    'On the wire, as the peer saw it',
    long(lines, 0, (shown) =>
      table('Wire transcript', 'transcript', ['ms', 'Peer', 'Direction', 'Bytes or frame'], shown.map(transcriptRow)),
    ),
  );
}

function transcriptRow({ t, peer, connection, kind, text }: TranscriptLine): HTMLElement {
  return h(
    'tr',
    { class: kind },
    h('td', { class: 'time' }, t.toFixed(1)),
    h('td', {}, `${peer} ${connection}`),
    h('td', { class: 'direction' }, DIRECTIONS[kind] ?? kind),
    h('td', {}, (text ?? '').replace(/\\r\\n(?!$)/g, '\\r\\n\n')),
  );
}

function reproduce({ id, source, reproduce, ms }: Result): HTMLElement {
  return part(
    'Reproduce',
    reproduce !== undefined &&
      h(
        'p',
        { class: 'command' },
        h('code', {}, reproduce),
        ' ',
        h('button', { type: 'button', class: 'quiet', 'data-copy': 'previous' }, 'Copy'),
      ),
    h(
      'p',
      { class: 'where' },
      'Written in ',
      h('code', {}, `vectors/${source}`),
      `, took ${duration(ms)}. `,
      h('a', { href: format({ ...EVERYTHING, open: id }) }, 'Link to this result'),
    ),
  );
}

function table(name: string, kind: string, columns: string[], rows: HTMLElement[]): HTMLElement {
  const head = columns.map((column) => h('th', { scope: 'col' }, column));
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name },
    h('table', { class: kind }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
  );
}

/** The rows around one of them, and a button for all when there are many more. */
function long<T>(rows: readonly T[], around: number, draw: (rows: readonly T[]) => HTMLElement): HTMLElement {
  if (rows.length <= MOST_ROWS) return draw(rows);
  const start = Math.max(0, Math.min(around - MOST_ROWS / 2, rows.length - MOST_ROWS));
  const all = h('button', { type: 'button', class: 'quiet' }, `Show all ${rows.length} rows`);
  const box = h('div', {}, draw(rows.slice(start, start + MOST_ROWS)), all);
  all.addEventListener('click', () => box.replaceWith(draw(rows)));
  return box;
}

/** Both texts with the words marked in which they differ, when they have something in common. */
function contrast(expected: string, actual: string): [Child[], Child[]] {
  const most = Math.min(expected.length, actual.length);
  let head = 0;
  while (head < most && expected[head] === actual[head]) head++;
  while (head > 0 && WORD.test(expected[head - 1]!)) head--;
  let tail = 0;
  while (tail < most - head && expected.at(-1 - tail) === actual.at(-1 - tail)) tail++;
  while (tail > 0 && WORD.test(expected.at(-tail)!)) tail--;
  if (head + tail < 4 || expected === actual) return [[expected], [actual]];
  const marked = (text: string): Child[] => {
    const middle = text.slice(head, text.length - tail);
    return [text.slice(0, head), middle !== '' && h('mark', {}, middle), text.slice(text.length - tail)];
  };
  return [marked(expected), marked(actual)];
}
