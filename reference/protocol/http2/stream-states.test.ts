import { expect } from 'chai';
import { canReceive, canSend, nextState, StreamEvent, StreamState } from './stream-states.js';

const follow = (...events: StreamEvent[]): number =>
  events.reduce<number>((state, event) => nextState(state as StreamState, event), StreamState.IDLE);

describe('states of streams', () => {
  it('end when both sides have ended, in either order', () => {
    const { SEND_HEADERS, RECEIVE_HEADERS, SEND_END_STREAM, RECEIVE_END_STREAM } = StreamEvent;
    expect(follow(SEND_HEADERS, SEND_END_STREAM)).to.equal(StreamState.HALF_CLOSED_LOCAL);
    expect(follow(SEND_HEADERS, SEND_END_STREAM, RECEIVE_END_STREAM)).to.equal(StreamState.CLOSED);
    expect(follow(RECEIVE_HEADERS, RECEIVE_END_STREAM, SEND_END_STREAM)).to.equal(StreamState.CLOSED);
  });

  it('of promised streams have one half from the start', () => {
    const { SEND_PUSH_PROMISE, SEND_HEADERS, RECEIVE_PUSH_PROMISE, RECEIVE_HEADERS } = StreamEvent;
    const here = follow(SEND_PUSH_PROMISE, SEND_HEADERS) as StreamState;
    const there = follow(RECEIVE_PUSH_PROMISE, RECEIVE_HEADERS) as StreamState;
    expect([canSend(here), canReceive(here), canSend(there), canReceive(there)]).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
  });

  it('have no event that must not happen', () => {
    expect(nextState(StreamState.IDLE, StreamEvent.RECEIVE_RST_STREAM)).to.equal(0);
    expect(nextState(StreamState.HALF_CLOSED_REMOTE, StreamEvent.RECEIVE_HEADERS)).to.equal(0);
    expect(nextState(StreamState.CLOSED, StreamEvent.SEND_HEADERS)).to.equal(0);
  });
});
