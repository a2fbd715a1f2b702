import { expect } from 'chai';
import { makeFolder, plumbline, removeFolder } from './testing/command.js';

const SECTIONS = `
- { anchor: http, level: 1, heading: HTTP }
- { anchor: httpstatus_codes, level: 2, heading: http.STATUS_CODES }
- { anchor: httpgeturl-options-callback, level: 2, heading: 'http.get(url[, options][, callback])' }
`;

const MORE = `
- id: http.more/open
  section: http
  kind: event
  says: Nothing checks this.
- id: http.more/hidden
  section: httpstatus_codes
  kind: side-effect
  says: Nothing can.
  untestable: it cannot be seen
`;

describe('plumbline coverage', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = makeFolder({ 'vectors/requirements/more.yaml': MORE });
  });
  after(() => removeFolder(folder));

  const coverage = (...args: string[]) => plumbline(folder, 'coverage', '--vectors', 'vectors', ...args);

  it('shows a table of each module', async () => {
    const { status, stdout } = await coverage('--module', 'http');
    expect(status).to.equal(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).to.match(/^ +requirements {2}covered {2}vectors {2}disputed {2}untestable$/);
    expect(stdout).to.match(/^ +http {2,}1 +· +· +· +· {2}1 uncovered$/m);
    expect(stdout).to.match(/^ +httpstatus_codes +2 +1 +2 +· +1$/m);
    expect(lines.at(-1)).to.equal(
      'http: 4 requirements, 2 covered by 3 vectors (66.6 % of those that can be), 0 disputed, 1 untestable, 1 uncovered',
    );
  });

  it('shows the headings where they are listed', async () => {
    const own = makeFolder({
      'vectors/requirements/small.yaml': MORE,
      'vectors/sections/http.yaml': SECTIONS,
      'vectors/http/small.yaml': '[]\n',
      'vectors/http2/small.yaml': '[]\n',
    });
    const { stdout } = await plumbline(own, 'coverage', '--vectors', 'vectors');
    removeFolder(own);
    expect(stdout).to.match(/^HTTP .*\n {2}http\.STATUS_CODES .*\n {2}http\.get\(url\[, options\]\[, callback\]\) +·/m);
  });

  it('shows the requirements of a section with their vectors', async () => {
    const { stdout } = await coverage('--section', 'httpstatus_codes');
    expect(stdout).to.include('  http.small/rest  (requirements/small.yaml:6)\n    There is more than requests.\n');
    expect(stdout).to.include('    - http.small.server\n    - http.small.status\n');
    expect(stdout).to.include('    untestable: it cannot be seen\n');
    const { status, stderr } = await coverage('--section', 'httpstatuscodes');
    expect(stderr).to.equal('error: no section has the anchor "httpstatuscodes": did you mean "httpstatus_codes"?\n');
    expect(status).to.equal(2);
  });

  it('fails when asked for what is uncovered and something is', async () => {
    const open = await coverage('--uncovered');
    expect(open.stdout).to.include('http.more/open').and.not.to.include('http.small/rest');
    expect(open.status).to.equal(1);
    const none = await coverage('--uncovered', '--module', 'http2');
    expect(none.status).to.equal(0);
  });

  it('speaks JSON', async () => {
    const { stdout } = await coverage('--json', '--module', 'http2');
    const { totals, sections } = JSON.parse(stdout);
    expect(totals).to.deep.equal({ requirements: 1, covered: 1, uncovered: 0, untestable: 0, disputed: 0, vectors: 1 });
    expect(sections[0].requirements[0]).to.deep.equal({
      id: 'http2.small/settings',
      says: 'Settings are packed into bytes.',
      vectors: ['http2.small.settings'],
      disputed: [],
    });
  });
});
