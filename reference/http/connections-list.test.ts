import { expect } from 'chai';
import { ConnectionsList, type TimedConnection } from './connections-list.js';

function connection(age: number, headReceived = false): TimedConnection & { timedOut: boolean; destroyed: boolean } {
  return {
    requestBegan: age === 0 ? 0 : performance.now() - age,
    headReceived,
    idle: age === 0,
    timedOut: false,
    destroyed: false,
    timeOut() {
      this.timedOut = true;
    },
    destroy() {
      this.destroyed = true;
    },
  };
}

function list(headersTimeout: number, requestTimeout: number): ConnectionsList {
  return new ConnectionsList({ headersTimeout, requestTimeout, connectionsCheckingInterval: 1_000_000 });
}

describe('the list of connections', () => {
  for (const { headers, request, age, head, late } of [
    { headers: 100, request: 1000, age: 50, head: false, late: false },
    { headers: 100, request: 1000, age: 150, head: false, late: true },
    { headers: 100, request: 1000, age: 150, head: true, late: false },
    { headers: 100, request: 1000, age: 1500, head: true, late: true },
    { headers: 0, request: 1000, age: 150, head: false, late: false },
    { headers: 0, request: 1000, age: 1500, head: false, late: true },
    { headers: 100, request: 0, age: 1500, head: true, late: false },
    { headers: 0, request: 0, age: 1_000_000, head: false, late: false },
    { headers: 100, request: 1000, age: 0, head: false, late: false },
  ]) {
    it(`${late ? 'times out' : 'leaves'} a request ${age} ms old, limits ${headers} and ${request}`, () => {
      const connections = list(headers, request);
      const one = connection(age, head);
      connections.add(one);
      connections.check();
      connections.delete(one);
      expect(one.timedOut).to.equal(late);
    });
  }

  it('destroys idle connections, or all', () => {
    const connections = list(0, 0);
    const [idle, busy] = [connection(0), connection(10)];
    connections.add(idle);
    connections.add(busy);
    connections.destroyIdle();
    expect([idle.destroyed, busy.destroyed]).to.deep.equal([true, false]);
    connections.destroyAll();
    expect(busy.destroyed).to.equal(true);
    connections.delete(idle);
    connections.delete(busy);
  });
});
