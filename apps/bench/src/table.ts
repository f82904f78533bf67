/** The results as a table for people. */
import { median, spread } from "./clock.ts";

export interface Column {
  readonly runner: string;
  readonly samples: readonly number[];
  /** Largest difference to our answer, as a share of its largest value. */
  readonly error?: number;
  /** Peer time / our time, round by round. */
  readonly ratios?: readonly number[];
}

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly multiplyAdds: number;
  readonly columns: readonly Column[];
  /** Our speed as a share of the ceiling of the same rounds. */
  readonly ofCeiling: number;
  readonly target?: number;
}

/** Two f32 programs that sum in different orders stay well below this. */
export const tolerance = 1e-4;

function milliseconds(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(3);
}

const timeOf = ({ samples }: Column): string =>
  `${milliseconds(median(samples))} ±${Math.round(spread(samples) * 100)}%`;

export function header(peers: readonly string[]): string {
  const cells = ["", "tatami ms", ...peers.flatMap((peer) => [`${peer} ms`, "ratio", "error"]), "GF/s", "of ceiling"];
  return line(cells);
}

export function rowOf({ name, title, columns, multiplyAdds, ofCeiling, target }: Row): string {
  const [own, ...peers] = columns as [Column, ...Column[]];
  const cells = [name === title ? name : `${name.length === 1 ? `${name}  ` : ""}${title}`, timeOf(own)];
  for (const peer of peers) {
    const ratio = median(peer.ratios!);
    const wrong = !(peer.error! <= tolerance);
    const missed = target !== undefined && ratio < target ? ` < ${target}` : "";
    cells.push(
      timeOf(peer),
      `${ratio.toFixed(2)}×${missed}`,
      wrong ? `WRONG ${peer.error!.toExponential(0)}` : peer.error!.toExponential(0),
    );
  }
  cells.push(((2 * multiplyAdds) / median(own.samples) / 1e6).toFixed(1), `${Math.round(ofCeiling * 100)}%`);
  return line(cells);
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(i === cells.length - 1 ? 11 : 14))).join("");
}

/** Geometric mean of the ratios of the rows named. */
export function geometricMean(rows: readonly Row[], peer: number): number {
  return Math.exp(rows.reduce((sum, row) => sum + Math.log(median(row.columns[peer]!.ratios!)), 0) / rows.length);
}
