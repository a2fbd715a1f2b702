import { constants } from 'node:http2';
import { expect } from 'chai';
import { ErrorCode, errorCodeName, isErrorCodeName } from './errorcode.js';
import { Flag, FrameType, flagNames, flagsOf, frameTypeName } from './frame.js';
import { checkSetting, settingEntries, settingId, settingName, settingsByName } from './settings.js';

describe('names and numbers', () => {
  it('of error codes are those of node:http2', () => {
    for (const [name, code] of Object.entries(ErrorCode)) {
      expect(constants).to.have.property(`NGHTTP2_${name}`, code);
      expect(errorCodeName(code)).to.equal(name);
    }
    expect(errorCodeName(0xe)).to.equal(undefined);
    expect(isErrorCodeName('CANCEL')).to.equal(true);
    expect(isErrorCodeName('toString')).to.equal(false);
  });

  it('of frame types', () => {
    for (const [name, type] of Object.entries(FrameType)) expect(frameTypeName(type)).to.equal(name);
    for (const type of [0xb, 0xd, 0xf, 0x11, 0xff]) expect(frameTypeName(type)).to.equal('UNKNOWN');
  });

  it('of flags depend on the type', () => {
    expect(flagNames(FrameType.HEADERS, 0x2d)).to.deep.equal(['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY']);
    expect(flagNames(FrameType.SETTINGS, 0x81)).to.deep.equal(['ACK', '0x80']);
    expect(flagNames(FrameType.RST_STREAM, 0x01)).to.deep.equal(['0x01']);
    expect(flagsOf(['END_STREAM', 'PADDED', '0x40'])).to.equal(Flag.END_STREAM | Flag.PADDED | 0x40);
    expect(() => flagsOf(['END'])).to.throw(RangeError, 'END');
  });

  it('of settings are those of Node', () => {
    const entries = settingEntries({ headerTableSize: 1, enablePush: false, maxHeaderSize: 3, 99: 4 });
    expect(entries).to.deep.equal([
      [99, 4],
      [1, 1],
      [2, 0],
      [6, 3],
    ]);
    expect(settingsByName(entries)).to.deep.equal({ headerTableSize: 1, enablePush: 0, maxHeaderListSize: 3, 99: 4 });
    expect(settingName(7)).to.equal(undefined);
    expect(settingId('70000')).to.equal(undefined);
    expect(() => settingEntries({ windowSize: 1 })).to.throw(RangeError, 'windowSize');
  });
});

describe('checkSetting', () => {
  const cases: [id: number, good: number[], bad: number[], code: string][] = [
    [1, [0, 0xffff_ffff], [], ''],
    [2, [0, 1], [2], 'PROTOCOL_ERROR'],
    [3, [0, 0xffff_ffff], [], ''],
    [4, [0, 0x7fff_ffff], [0x8000_0000], 'FLOW_CONTROL_ERROR'],
    [5, [16_384, 16_777_215], [16_383, 16_777_216], 'PROTOCOL_ERROR'],
    [6, [0, 0xffff_ffff], [], ''],
    [8, [0, 1], [2], 'PROTOCOL_ERROR'],
    [9, [0, 1], [2], 'PROTOCOL_ERROR'],
    [0xffff, [0, 0xffff_ffff], [], ''],
  ];
  for (const [id, good, bad, code] of cases) {
    it(`setting ${id}`, () => {
      for (const value of good) expect(checkSetting([id, value])).to.equal(undefined);
      for (const value of bad) expect(checkSetting([id, value])).to.include({ code, scope: 'connection' });
    });
  }
});
