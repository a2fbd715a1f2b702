/** Every vector as a mocha test in a user's own suite. */
import { AssertionError } from 'chai';
import picomatch from 'picomatch';
import { bundled } from './bundled.js';
import { credentials } from './controller/index.js';
import { LocalExecutor } from './controller/local.js';
import { Performing } from './controller/perform.js';
import { asOf, inapplicable } from './controller/result.js';
import { judge } from './judge/index.js';
import { renderTrace } from './judge/render.js';
import { MODULES, type Vector } from './plan.js';

export interface DescribeOptions {
  /** The implementation of node:http under test; left out, this runtime's own. */
  http?: unknown;
  /** The implementation of node:http2 under test; left out, this runtime's own. */
  http2?: unknown;
  /** Glob over vector ids, or several: `http.agent.*`. Left out: the vectors of the modules that were given. */
  filter?: string | readonly string[];
  /** Title of the suite. */
  title?: string;
}

/**
 * Declares one mocha test for each vector, run in this process one after another.
 * A vector that the runtime cannot perform is pending; a failure is chai's AssertionError with expected and actual.
 */
export function describeVectors(options: DescribeOptions): void {
  const vectors = select(options);
  const executor = new LocalExecutor({
    ...(options.http === undefined ? {} : { http: options.http }),
    ...(options.http2 === undefined ? {} : { http2: options.http2 }),
  });
  describe(options.title ?? 'http-plumbline', () => {
    before(async () => {
      for (const module of MODULES) {
        if (vectors.some(({ uses }) => uses.includes(module))) await executor.load(module);
      }
    });
    for (const vector of vectors) {
      it(`${vector.id}: ${vector.title}`, async function () {
        this.timeout(vector.timeout + 10_000);
        if (inapplicable(vector, executor.runtime) !== undefined) this.skip();
        await assertVector(asOf(vector, executor.runtime), executor);
      });
    }
  });
}

function select({ http, http2, filter }: DescribeOptions): Vector[] {
  const { vectors } = bundled();
  if (filter !== undefined) {
    const matches = picomatch(typeof filter === 'string' ? filter : [...filter]);
    return vectors.filter(({ id }) => matches(id));
  }
  const given = new Set([http && 'http', http2 && 'http2']);
  return http || http2 ? vectors.filter(({ module }) => given.has(module)) : vectors;
}

async function assertVector(vector: Vector, executor: LocalExecutor): Promise<void> {
  const performing = new Performing(vector, executor, credentials());
  const release = executor.onMessage((message) => performing.receive(message));
  const judgement = judge(vector, await performing.start());
  release();
  if (judgement.verdict === 'pass' || judgement.verdict === 'disputed') return;
  const [failure] = judgement.failures;
  const trace = judgement.trace ? `\n${renderTrace(judgement.trace)}` : '';
  throw new AssertionError(`${judgement.reason ?? judgement.verdict}${trace}`, {
    expected: failure?.expected,
    actual: failure?.actual,
    showDiff: failure !== undefined,
  });
}
