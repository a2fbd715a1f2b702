/** A target that cannot be had: the message is one line for the person who asked for it. */
export class TargetFault extends Error {
  override name = 'TargetFault';
}
