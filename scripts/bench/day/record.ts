import { sharedMs } from "./town-clock.ts";

/** One request as a stand-in saw it. Instants on the clock that all processes share, in ms. */
export interface Served {
  /** Whose question; undefined for one that nobody of the town asked. */
  readonly id: string | undefined;
  readonly place: "ollama" | "cloud";
  readonly arrivedAt: number;
  /** When the model began to work on it. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** The whole answer was sent. */
  isAnswered: boolean;
}

/** From and to, in ms. */
export type Span = readonly [from: number, to: number];

/** What is seen from outside the workers: every request at the models, and when Ollama was not there at all. */
export interface TownRecord {
  readonly served: Served[];
  readonly outages: Span[];
  arrived(place: Served["place"], id: string | undefined): Served;
}

export function newRecord(): TownRecord {
  const served: Served[] = [];
  return {
    served,
    outages: [],
    arrived(place, id) {
      const one: Served = { id, place, arrivedAt: sharedMs(), startedAt: undefined, endedAt: undefined, isAnswered: false };
      served.push(one);
      return one;
    },
  };
}
