import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { sample } from '../testing/sample.js';
import { renderHtml } from './page.js';

describe('the page', () => {
  const page = renderHtml(sample());

  it('holds the results, and nothing in them ends the script', () => {
    const data = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page)![1]!;
    expect(data).not.to.match(/</);
    expect(JSON.parse(data)).to.deep.equal(sample());
  });

  it('has two script elements and no comment, whatever the texts', () => {
    expect(page.match(/<script\b/gi)).to.have.length(2);
    expect(page.match(/<\/script>/gi)).to.have.length(2);
    expect(page).not.to.include('<!--');
  });

  it('loads nothing and lets only its own script run', () => {
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(page)![1]!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).to.include(`script-src 'sha256-${hash}'`);
    expect(page).to.include("default-src 'none'");
    expect(page).not.to.match(/<(?:script|img|iframe)[^>]+src=|@import|url\(/);
  });

  it('shows target, share and sections before its script runs', () => {
    const text = page.slice(0, page.indexOf('id="data"'));
    expect(text).to.include('<h1>bun <span class="version">1.3.1</span></h1>');
    expect(text).to.include('25.0<small>%</small>');
    expect(text).to.include('data-section="serverheaderstimeout"');
  });

  it('offers the coverage where the results tell what is documented', () => {
    expect(page).to.include('<a id="to-coverage" href="#show=coverage">');
    const { documentation: _, ...older } = sample();
    expect(renderHtml(older)).to.include('<h2 id="results-title">Vectors</h2>');
  });

  it('says that a run was interrupted', () => {
    expect(renderHtml({ ...sample(), partial: true })).to.include('The run was interrupted');
  });

  it('escapes names', () => {
    const { target, ...rest } = sample();
    const text = renderHtml({ ...rest, target: { ...target, id: '<i>"\'' } });
    expect(text).to.include('<h1>&lt;i&gt;&quot;&#39; ');
  });
});
