/**
 * What both sides have agreed on. RFC 9113 §6.5.3
 *
 * Settings received hold from the moment of the acknowledgement that answers them. Settings sent hold once the other
 * side acknowledges: until then it may still act on the old ones.
 */
import { MIN_MAX_FRAME_SIZE, type Setting } from './frame.js';
import { SettingId } from './settings.js';

/** Settings of one side by identifier; those that nobody has set have the initial values of §6.5.2. */
export class SettingValues {
  headerTableSize = 4096;
  enablePush = true;
  maxConcurrentStreams = 0xffff_ffff;
  initialWindowSize = 65_535;
  maxFrameSize = MIN_MAX_FRAME_SIZE;
  /** No limit unless set. */
  maxHeaderListSize = 0xffff_ffff;
  enableConnectProtocol = false;
  /** Settings without a name here. */
  readonly others = new Map<number, number>();

  /** Applies entries in order: the last of several wins. §6.5.3 */
  apply(entries: readonly Setting[]): void {
    for (const [id, value] of entries) this.#set(id, value);
  }

  #set(id: number, value: number): void {
    switch (id) {
      case SettingId.HEADER_TABLE_SIZE:
        this.headerTableSize = value;
        return;
      case SettingId.ENABLE_PUSH:
        this.enablePush = value === 1;
        return;
      case SettingId.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        return;
      case SettingId.INITIAL_WINDOW_SIZE:
        this.initialWindowSize = value;
        return;
      case SettingId.MAX_FRAME_SIZE:
        this.maxFrameSize = value;
        return;
      case SettingId.MAX_HEADER_LIST_SIZE:
        this.maxHeaderListSize = value;
        return;
      case SettingId.ENABLE_CONNECT_PROTOCOL:
        this.enableConnectProtocol = value === 1;
        return;
      default:
        this.others.set(id, value);
    }
  }
}

/** SETTINGS that this side has sent and the other has not acknowledged yet, oldest first. */
export class PendingSettings {
  readonly #sent: (readonly Setting[])[] = [];

  get length(): number {
    return this.#sent.length;
  }

  sent(entries: readonly Setting[]): void {
    this.#sent.push(entries);
  }

  /** The entries that an acknowledgement puts into effect; undefined when nothing was to be acknowledged. */
  acknowledged(): readonly Setting[] | undefined {
    return this.#sent.shift();
  }
}
