import { expect } from 'chai';
import { many, sample } from '../testing/sample.js';
import { JOB_SUMMARY_LIMIT, renderMarkdown } from './markdown.js';

describe('Markdown summary', () => {
  it('starts with the share that passed and the counts', () => {
    const text = renderMarkdown(sample());
    expect(text).to.match(/^## bun 1\.3\.1: 25\.0 % passed\n/);
    expect(text).to.include('| 2 | 3 | 1 | 1 | 1 | 1 | 1 | 1 |');
    expect(text).to.include('| <code>serverheaderstimeout</code> | 0 | **1** | 1 | 2 |');
    expect(text).to.include(
      '\nDocumentation: 13 requirements in 9 sections, 11 covered by vectors, 1 disputed, 1 untestable.\n',
    );
  });

  it('opens each failure to its reason and its command', () => {
    const text = renderMarkdown(sample());
    expect(text.match(/<details>/g)).to.have.length(6);
    expect(text.match(/<\/details>/g)).to.have.length(6);
    expect(text).to.include(
      '```sh\nplumbline run --target bun@1.3.1 --filter http.server.close-idle.during-upgrade\n```',
    );
    expect(text).not.to.include('--filter http2.session.settings.known-failure');
  });

  it('is not broken by the text it holds', () => {
    const text = renderMarkdown(sample());
    expect(text).to.match(/\n````diff\nhttp\/message\.yaml:9[\s\S]*?\n````\n/);
    const outside = text.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '');
    expect(outside).not.to.match(/<\/script>|<!--|<b>&amp;"/);
  });

  it('fits the limit of a job summary and says what was cut', () => {
    const results = many(10_000);
    const limit = 100_000;
    const text = renderMarkdown(results, limit);
    expect(Buffer.byteLength(text)).to.be.within(limit * 0.9, limit);
    const shown = text.match(/<details>/g)!.length;
    const all = Number(/### Failures \(([\d,]+)\)/.exec(text)![1]!.replace(',', ''));
    expect(text).to.include(`**Cut.** ${all - shown} more failures do not fit`);
    expect(Buffer.byteLength(renderMarkdown(results))).to.be.at.most(JOB_SUMMARY_LIMIT);
  });

  it('says so when even the tables do not fit', () => {
    const text = renderMarkdown(many(10_000), 3000);
    expect(Buffer.byteLength(text)).to.be.at.most(3000);
    expect(text).to.include('**Cut.**');
  });

  it('says that a run was interrupted', () => {
    expect(renderMarkdown({ ...sample(), partial: true })).to.include('**Partial.**');
  });
});
