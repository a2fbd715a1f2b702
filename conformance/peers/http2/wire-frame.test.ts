import { expect } from 'chai';
import type { WireFrame } from '../../plan.js';
import { Unmet } from '../waits.js';
import { encodeWireFrame, literalEncoder } from './wire-frame.js';

function hex(frame: WireFrame): string {
  return encodeWireFrame(frame, literalEncoder()).toString('hex');
}

describe('frames to send', () => {
  it('have END_HEADERS unless flags are given', () => {
    expect(hex({ type: 'HEADERS', stream: 1, fields: [[':method', 'GET']] })).to.equal('0000010104000000018' + '2');
    expect(hex({ type: 'CONTINUATION', stream: 1, flags: [], fields: [] })).to.equal('000000090000000001');
    expect(hex({ type: 'DATA', stream: 1, flags: ['END_STREAM'], data: 'a' })).to.equal('00000100010000000161');
    expect(hex({ type: 'SETTINGS', ack: true })).to.equal('000000040100000000');
  });

  it('have what their fields ask for', () => {
    expect(hex({ type: 'DATA', stream: 1, data: Buffer.from([0]), pad: 2 })).to.equal('00000400080000000102000000');
    const priority = { parent: 3, weight: 256, exclusive: true };
    expect(hex({ type: 'HEADERS', stream: 1, block: Buffer.from([0x82]), priority })).to.equal(
      '000006012400000001' + '80000003ff82',
    );
    expect(hex({ type: 'SETTINGS', settings: { enablePush: false, 77: 1 } })).to.equal(
      '00000c040000000000' + '004d00000001' + '000200000000',
    );
    expect(hex({ type: 'GOAWAY', last: 5, code: 'NGHTTP2_CANCEL', debug: 'x' })).to.equal(
      '000009070000000000' + '0000000500000008' + '78',
    );
  });

  it('never touch the dynamic table', () => {
    const fields = [['x', 'y']];
    const encoder = literalEncoder();
    const twice = [1, 3].map((stream) => encodeWireFrame({ type: 'HEADERS', stream, fields }, encoder).subarray(9));
    expect(twice[0]).to.deep.equal(twice[1]);
    expect(hex({ type: 'HEADERS', stream: 1, fields: [['x', 'y', 'sensitive']] }).slice(18, 20)).to.equal('10');
  });

  it('may be anything', () => {
    const raw = Buffer.from('abc').toString('base64');
    expect(hex({ type: 'PING', raw, length: 8, flags: 0xff, stream: 7 })).to.equal('00000806ff00000007616263');
    expect(hex({ type: 'UNKNOWN', code: 0xfe, raw })).to.equal('000003fe0000000000616263');
  });

  it('must name what exists', () => {
    expect(() => hex({ type: 'HEADER' })).to.throw(Unmet, 'there is no such type');
    expect(() => hex({ type: 'DATA', flags: ['FIN'] })).to.throw(Unmet, 'no such flag: FIN');
  });
});
