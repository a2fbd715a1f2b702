import { expect } from 'chai';
import { source } from './explain.js';

const text = `# first
- id: a
  title: A

  do:
    - x: 1
# about b
- id: b
  title: B
`;

describe('explain', () => {
  it('finds the list item of a line', () => {
    expect(source(text, 2)).to.deep.equal(['- id: a', '  title: A', '', '  do:', '    - x: 1']);
    expect(source(text, 8)).to.deep.equal(['- id: b', '  title: B']);
  });

  it('finds it from a line within, and in an indented list', () => {
    expect(source(text, 3)[0]).to.equal('- id: a');
    expect(source('  - id: a\n    title: A\n  - id: b\n', 1)).to.deep.equal(['- id: a', '  title: A']);
  });
});
