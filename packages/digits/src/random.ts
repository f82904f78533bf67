/**
 * Random numbers for drawing: a 32-bit integer generator, equal on every machine. Not for weights or training, which
 * have core's.
 *
 * sfc32 (Chris Doty-Humphrey, PractRand): three words of state and a counter, integer adds, shifts and rotations only.
 */

export interface Random {
  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Mean 0, deviation 1, never beyond ±3.47: a sum of four uniforms, so that no `log` or `cos` of a runtime enters. */
  normal(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
}

/** The stream of a seed; `stream` gives independent ones (one per picture, so picture 7 is the same in any set). */
export function random(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1];
  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 15; i++) next();
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3),
    below: (count) => Math.floor(uniform() * count),
  };
}
