import { logNormal, poisson, uniform } from "./random.ts";

/** What happens in the town, in seconds since midnight. */
export type TownEvent = { readonly at: number } & (
  | { readonly kind: "person"; readonly id: string }
  | { readonly kind: "batch"; readonly ids: readonly string[] }
  /** The folder is looked through, and these are new in it. */
  | { readonly kind: "documents"; readonly documents: readonly TownDocument[] }
  | { readonly kind: "ollama-stops" }
  | { readonly kind: "ollama-starts" }
);

export interface TownDocument {
  readonly id: string;
  /** Pieces, each of which is one question to the model. */
  readonly chunks: number;
}

export interface TraceAsk {
  readonly seed: number;
  /** Multiplies persons, batches and documents. */
  readonly load: number;
  /** Whole hours of the day: from 0 to 23, and how many. */
  readonly from: number;
  readonly hours: number;
}

/** Persons that send a contribution on an ordinary day, hour by hour from midnight. */
const PERSONS_AN_HOUR = [1, 1, 0, 0, 0, 1, 4, 10, 16, 18, 18, 18, 22, 18, 16, 16, 18, 22, 26, 14, 14, 22, 12, 4];
/** The public meeting: from 19 to 21 o'clock, 80 more an hour. */
const MEETING = { from: 19, to: 21, anHour: 80 } as const;
/** Sent in together at five past each hour, such as a paper form's transcripts. */
const BATCH = { smallest: 4, largest: 10, at: 300 } as const;
/** Every two hours at twenty past; what the town hall publishes comes in by day, and by night a notice at most. */
const SCAN_AT = 1_200;
const DAY = { from: 8, to: 20, documents: 3, chunks: 22 } as const;
const NIGHT = { documents: 1, chunks: 5 } as const;
const CHUNKS = { spread: 0.6, fewest: 2, most: 70 } as const;
/** Ollama is restarted in the middle of the documents of the afternoon. */
const RESTART = { at: 14 * 3_600 + 1_500, seconds: 40 } as const;

/** The day as a pure function of what is asked: everything that happens, in order. */
export function traceOf({ seed, load, from, hours }: TraceAsk): readonly TownEvent[] {
  const events: TownEvent[] = [];
  for (let hour = from; hour < from + hours; hour += 1) {
    const start = hour * 3_600;
    events.push(...personsOf(seed, load, hour));
    const size = (BATCH.smallest + uniform(seed, "batch", hour) * (BATCH.largest - BATCH.smallest)) * load;
    const ids = Array.from({ length: Math.max(1, Math.round(size)) }, (_, number) => `b-${hour}-${number}`);
    events.push({ at: start + BATCH.at, kind: "batch", ids });
    if (hour % 2 === 0) events.push({ at: start + SCAN_AT, kind: "documents", documents: documentsOf(seed, load, hour) });
  }
  const end = (from + hours) * 3_600;
  if (RESTART.at >= from * 3_600 && RESTART.at + RESTART.seconds < end) {
    events.push({ at: RESTART.at, kind: "ollama-stops" }, { at: RESTART.at + RESTART.seconds, kind: "ollama-starts" });
  }
  return events.sort((a, b) => a.at - b.at);
}

function personsOf(seed: number, load: number, hour: number): TownEvent[] {
  const atMeeting = hour >= MEETING.from && hour < MEETING.to ? MEETING.anHour : 0;
  const count = poisson(((PERSONS_AN_HOUR[hour] ?? 0) + atMeeting) * load, seed, "persons", hour);
  return Array.from({ length: count }, (_, number) => ({
    at: (hour + uniform(seed, "person", hour, number)) * 3_600,
    kind: "person" as const,
    id: `p-${hour}-${number}`,
  }));
}

function documentsOf(seed: number, load: number, hour: number): TownDocument[] {
  const { documents, chunks: median } = hour >= DAY.from && hour <= DAY.to ? DAY : NIGHT;
  const count = Math.max(1, Math.round(documents * load));
  return Array.from({ length: count }, (_, number) => {
    const chunks = Math.round(logNormal(median, CHUNKS.spread, seed, "document", hour, number));
    return { id: `d-${hour}-${number}`, chunks: Math.min(CHUNKS.most, Math.max(CHUNKS.fewest, chunks)) };
  });
}

export interface TraceCounts {
  readonly persons: number;
  readonly batched: number;
  readonly documents: number;
  readonly chunks: number;
}

export function countsOf(events: readonly TownEvent[]): TraceCounts {
  const documents = events.flatMap((event) => (event.kind === "documents" ? event.documents : []));
  return {
    persons: events.filter((event) => event.kind === "person").length,
    batched: events.reduce((sum, event) => sum + (event.kind === "batch" ? event.ids.length : 0), 0),
    documents: documents.length,
    chunks: documents.reduce((sum, { chunks }) => sum + chunks, 0),
  };
}
