// What is asked and answered. The programs that go with the names: server-process.ts and client-process.ts.

/** Requests that are under way at any time, and what they carry. */
export interface Workload {
  /** What the side that is measured runs. */
  program: string;
  tls?: boolean;
  sessions: number;
  /** Requests on each session. */
  streams: number;
  /** Octets of each request's content, and of each response's. */
  upload?: number;
  download?: number;
  /** Header fields of each request, besides the pseudo-header fields. */
  headers?: number;
  /** What is counted; MB are 10^6 octets of content, in both directions. */
  unit: 'requests' | 'MB';
}

const BULK = 10 * 2 ** 20;

const unit = 'requests';
const many = { sessions: 8, streams: 32, unit } as const;
const one = { sessions: 1, streams: 100, unit } as const;
const post = { sessions: 16, streams: 2, upload: 16_384, unit } as const;
const upload1 = { sessions: 1, streams: 1, upload: BULK, unit: 'MB' } as const;
const upload16 = { ...upload1, streams: 16 } as const;
const download1 = { sessions: 1, streams: 1, download: BULK, unit: 'MB' } as const;
const download16 = { ...download1, streams: 16 } as const;

type Workloads = Readonly<Record<string, Workload>>;

export const serverWorkloads: Workloads = {
  'stream-8x32': { program: 'hello', ...many },
  'stream-1x100': { program: 'hello', ...one },
  'stream-headers': { program: 'hello', ...many, headers: 20 },
  'stream-post-16k': { program: 'upload', ...post },
  'compat-8x32': { program: 'compat', ...many },
  'compat-1x100': { program: 'compat', ...one },
  'compat-headers': { program: 'compat-headers', ...many, headers: 20 },
  'compat-post-16k': { program: 'compat-upload', ...post },
  'download-1': { program: 'download', ...download1 },
  'download-16': { program: 'download', ...download16 },
  'upload-1': { program: 'upload', ...upload1 },
  'upload-16': { program: 'upload', ...upload16 },
  'compat-download-16': { program: 'compat-download', ...download16 },
  'compat-upload-16': { program: 'compat-upload', ...upload16 },
  'tls-stream-8x32': { program: 'hello', ...many, tls: true },
  'tls-compat-8x32': { program: 'compat', ...many, tls: true },
  'tls-post-16k': { program: 'upload', ...post, tls: true },
  'tls-download-1': { program: 'download', ...download1, tls: true },
  'tls-download-16': { program: 'download', ...download16, tls: true },
  'tls-upload-1': { program: 'upload', ...upload1, tls: true },
  'tls-upload-16': { program: 'upload', ...upload16, tls: true },
};

export const clientWorkloads: Workloads = {
  'get-8x32': { program: 'get', ...many },
  'get-1x100': { program: 'get', ...one },
  'post-16k': { program: 'upload', ...post },
  'download-1': { program: 'get', ...download1 },
  'download-16': { program: 'get', ...download16 },
  'upload-1': { program: 'upload', ...upload1 },
  'upload-16': { program: 'upload', ...upload16 },
  'tls-get-8x32': { program: 'get', ...many, tls: true },
  'tls-download-1': { program: 'get', ...download1, tls: true },
  'tls-upload-1': { program: 'upload', ...upload1, tls: true },
};

/** Requests that are left open. */
export const heldWorkloads: Workloads = {
  stream: { program: 'hold', sessions: 8, streams: 500, unit },
  compat: { program: 'compat-hold', sessions: 8, streams: 500, unit },
};
