import { expect } from 'chai';
import type { Plan, Vector } from './plan.js';
import { type Selection, SelectionFault, select } from './selection.js';

const vectors = [
  { id: 'http.agent.max-sockets.a', module: 'http', section: 'agentmaxsockets' },
  { id: 'http.agent.get-name', module: 'http', section: 'agentgetnameoptions' },
  { id: 'http2.push.a', module: 'http2', section: 'pushstream' },
] as Vector[];
const plan = { format: 1, version: '0', sections: [], requirements: [], vectors } as Plan;

const ids = (selection: Partial<Selection>) => select(plan, { filter: [], ...selection }).map(({ id }) => id);
const faultOf = (selection: Partial<Selection>) => {
  try {
    ids(selection);
  } catch (error) {
    expect(error).to.be.instanceOf(SelectionFault);
    return (error as SelectionFault).message;
  }
  throw new Error('no fault');
};

describe('selection', () => {
  it('takes all, or what one of the filters and each other condition matches', () => {
    expect(ids({})).to.have.length(3);
    expect(ids({ filter: ['http2.*', '*.get-name'] })).to.deep.equal(['http.agent.get-name', 'http2.push.a']);
    expect(ids({ filter: ['*.a'], module: 'http' })).to.deep.equal(['http.agent.max-sockets.a']);
    expect(ids({ section: '#pushstream' })).to.deep.equal(['http2.push.a']);
  });

  it('refuses a condition that matches nothing, each on its own', () => {
    expect(faultOf({ filter: ['http2.*', 'http.nothing'] })).to.equal('no vector matches --filter http.nothing');
    expect(faultOf({ filter: ['http.agent'] })).to.match(/did you mean "http\.agent\.\*"\?$/);
    expect(faultOf({ section: 'none' })).to.equal('no vector matches --section none');
  });
});
