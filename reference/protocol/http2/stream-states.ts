/**
 * The states of a stream and what leads from one to the next. RFC 9113 §5.1
 *
 * Each side of a connection sees a stream in a state. HEADERS, PUSH_PROMISE, RST_STREAM and the flag END_STREAM, sent
 * or received, change it; a HEADERS frame with END_STREAM is two events. All other frames leave the state as it is
 * and are only allowed in some: see `receivable`.
 */
import { FrameType } from './frame.js';

/** States by name. The numbers are those of Node's NGHTTP2_STREAM_STATE constants. */
export const StreamState = {
  IDLE: 1,
  OPEN: 2,
  RESERVED_LOCAL: 3,
  RESERVED_REMOTE: 4,
  HALF_CLOSED_LOCAL: 5,
  HALF_CLOSED_REMOTE: 6,
  CLOSED: 7,
} as const;

export type StreamState = (typeof StreamState)[keyof typeof StreamState];

/** What happens to a stream, as seen from one side. */
export const StreamEvent = {
  SEND_HEADERS: 0,
  RECEIVE_HEADERS: 1,
  SEND_PUSH_PROMISE: 2,
  RECEIVE_PUSH_PROMISE: 3,
  SEND_END_STREAM: 4,
  RECEIVE_END_STREAM: 5,
  SEND_RST_STREAM: 6,
  RECEIVE_RST_STREAM: 7,
} as const;

export type StreamEvent = (typeof StreamEvent)[keyof typeof StreamEvent];

const S = StreamState;

/** No such transition: the event must not happen in that state. */
const NONE = 0;

/** Figure 2 of §5.1. PUSH_PROMISE counts for the promised stream. */
// biome-ignore format: one line for each state
const TRANSITIONS: { readonly [state in StreamState]: readonly number[] } = {
  //                        HEADERS                                     PUSH_PROMISE                         END_STREAM                                RST_STREAM
  //                        send                  receive               send              receive            send                 receive              send      receive
  [S.IDLE]:               [ S.OPEN,               S.OPEN,               S.RESERVED_LOCAL, S.RESERVED_REMOTE, NONE,                NONE,                S.CLOSED, NONE     ],
  [S.RESERVED_LOCAL]:     [ S.HALF_CLOSED_REMOTE, NONE,                 NONE,             NONE,              NONE,                NONE,                S.CLOSED, S.CLOSED ],
  [S.RESERVED_REMOTE]:    [ NONE,                 S.HALF_CLOSED_LOCAL,  NONE,             NONE,              NONE,                NONE,                S.CLOSED, S.CLOSED ],
  [S.OPEN]:               [ S.OPEN,               S.OPEN,               NONE,             NONE,              S.HALF_CLOSED_LOCAL, S.HALF_CLOSED_REMOTE, S.CLOSED, S.CLOSED ],
  [S.HALF_CLOSED_LOCAL]:  [ NONE,                 S.HALF_CLOSED_LOCAL,  NONE,             NONE,              NONE,                S.CLOSED,            S.CLOSED, S.CLOSED ],
  [S.HALF_CLOSED_REMOTE]: [ S.HALF_CLOSED_REMOTE, NONE,                 NONE,             NONE,              S.CLOSED,            NONE,                S.CLOSED, S.CLOSED ],
  [S.CLOSED]:             [ NONE,                 NONE,                 NONE,             NONE,              NONE,                NONE,                S.CLOSED, S.CLOSED ],
};

/** The table in one piece, a row of eight for each state. */
const NEXT = new Uint8Array(8 * 8);
for (const [state, row] of Object.entries(TRANSITIONS)) NEXT.set(row, Number(state) * 8);

/** The state that follows; 0 when the event must not happen in this one. */
export function nextState(state: StreamState, event: StreamEvent): StreamState | 0 {
  return NEXT[state * 8 + event] as StreamState | 0;
}

/** Whether this side may still send HEADERS or DATA. */
export function canSend(state: StreamState): boolean {
  return state === S.OPEN || state === S.HALF_CLOSED_REMOTE;
}

/** Whether the other side may still send HEADERS or DATA. */
export function canReceive(state: StreamState): boolean {
  return state === S.OPEN || state === S.HALF_CLOSED_LOCAL;
}

/**
 * Whether a frame may arrive for a stream in this state; the answer to one that may not is the caller's, since it
 * depends on why the stream is closed. PRIORITY and types unknown here may always come.
 */
export function receivable(state: StreamState, frameType: number): boolean {
  switch (frameType) {
    case FrameType.DATA:
      return canReceive(state);
    case FrameType.HEADERS:
      return canReceive(state) || state === S.RESERVED_REMOTE || state === S.IDLE;
    case FrameType.RST_STREAM:
      return state !== S.IDLE;
    case FrameType.WINDOW_UPDATE:
      return state !== S.IDLE && state !== S.RESERVED_REMOTE;
    case FrameType.PUSH_PROMISE:
      return canReceive(state);
    default:
      return true;
  }
}
