// A process of a benchmark, seen from inside. See `program.ts` for the other side.

/** What the process is to do. */
export function task<T>(): T {
  return JSON.parse(process.argv[2]!) as T;
}

export function tell(message: object): void {
  process.send!(message);
}

/** Answers each question of the process that started this one. */
export function answer<Question>(reply: (question: Question) => object | Promise<object>): void {
  process.on('message', async (question) => tell(await reply(question as Question)));
}

/** CPU time of this process so far, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

// Whoever started it is gone.
process.on('disconnect', () => process.exit());
