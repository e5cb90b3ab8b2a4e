import Table from "cli-table3";

/**
 * A table for people. Cells may come from a vendor (a model's name) or from Redis: control characters, which a terminal
 * would obey, are shown as "?".
 *
 * @param numbers  columns to set to the right
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  const drawn = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (numbers.includes(column) ? "right" : "left")),
  });
  for (const row of rows) drawn.push(row.map(plain));
  return `${drawn.toString()}\n`;
}

/** Without the characters that move a terminal's cursor or change its colours. */
export const plain = (text: string): string => text.replace(/\p{Cc}|\p{Cf}/gu, "?");

export interface Bar {
  show(done: number, total: number): void;
  /** Takes the bar away. */
  end(): void;
}

/** A progress bar on stderr when a person looks at it, else nothing: logs and pipes get no carriage returns. */
export function progressBar(what: string, stream: NodeJS.WriteStream = process.stderr): Bar {
  if (!stream.isTTY) return { show() {}, end() {} };
  return {
    show(done, total) {
      stream.write(`\r\u001b[2K${barOf(done, total)} ${what}`);
    },
    end() {
      stream.write("\r\u001b[2K");
    },
  };
}

const WIDTH = 30;

/** "[#########                     ] 30/100" */
export function barOf(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  return `[${"#".repeat(Math.floor(share * WIDTH)).padEnd(WIDTH)}] ${Math.round(done * 10) / 10}/${total}`;
}
