import type { Capability } from '../plan.js';

/** How the controller starts a runtime with an implementation in it. */
export interface Launch {
  /** As given on the command line: `node@23.5.0`, `bun`, `stub`; for a module its file names. */
  id: string;
  /** The executable and its flags; the executor's script is appended. */
  command: string[];
  /** Import specifiers of the modules under test: `node:http` or a `file:` URL. */
  modules: { http: string; http2: string };
  /** Capabilities that the runtime has and the implementation cannot use, and why. */
  lacks?: { [capability in Capability]?: string };
  /** The version of Node that the modules follow, where it is not that of the runtime: it decides on `since` and `until`. */
  follows?: string;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** Working directory, by default the controller's own. */
  cwd?: string;
}
