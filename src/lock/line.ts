/** Callers of this process that want one slot: lower priority first, then in order of arrival. Only the first one asks Redis. */
export interface Line {
  /** Resolves when it is this caller's turn; `leave()` passes the turn on. */
  enter(priority: number): { readonly turn: Promise<void>; leave(): void };
}

export function newLine(): Line {
  interface Place {
    readonly priority: number;
    start(): void;
    isFirst: boolean;
  }
  const places: Place[] = [];
  const callFirst = () => {
    const first = places[0];
    if (first === undefined || first.isFirst) return;
    first.isFirst = true;
    first.start();
  };
  return {
    enter(priority) {
      const { promise: turn, resolve: start } = Promise.withResolvers<void>();
      const place: Place = { priority, start, isFirst: false };
      // Never before the one whose turn it is: it may already have asked Redis.
      const behind = places.findIndex((other) => !other.isFirst && other.priority > priority);
      places.splice(behind === -1 ? places.length : behind, 0, place);
      callFirst();
      return {
        turn,
        leave() {
          const index = places.indexOf(place);
          if (index !== -1) places.splice(index, 1);
          callFirst();
        },
      };
    },
  };
}
