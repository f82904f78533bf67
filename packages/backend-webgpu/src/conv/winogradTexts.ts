/** The three transforms of conv/winograd.ts along one axis, as WGSL; the matrices stand there. */

/** `from(k)` is value k, `to(k, value)` a statement that stores result k. */
type Transform = (from: (k: number) => string, to: (k: number, value: string) => string) => string;

/** Bᵀ of six values. */
export const spread: Transform = (from, to) => `
    {
      let even = ${from(4)} - 2.0 * ${from(2)};
      let odd = 0.70710678118654752 * ${from(3)} - 1.41421356237309505 * ${from(1)};
      let even2 = ${from(4)} - 0.5 * ${from(2)};
      let odd2 = 1.41421356237309505 * ${from(3)} - 0.70710678118654752 * ${from(1)};
      ${to(0, `${from(0)} - 2.5 * ${from(2)} + ${from(4)}`)}
      ${to(1, "even + odd")}
      ${to(2, "even - odd")}
      ${to(3, "even2 + odd2")}
      ${to(4, "even2 - odd2")}
      ${to(5, `${from(1)} - 2.5 * ${from(3)} + ${from(5)}`)}
    }`;

/** Aᵀ of six values. */
export const gather: Transform = (from, to) => `
    {
      let s1 = ${from(1)} + ${from(2)};
      let d1 = ${from(1)} - ${from(2)};
      let s2 = ${from(3)} + ${from(4)};
      let d2 = ${from(3)} - ${from(4)};
      ${to(0, `${from(0)} + s1 + s2`)}
      ${to(1, "0.70710678118654752 * d1 + 1.41421356237309505 * d2")}
      ${to(2, "0.5 * s1 + 2.0 * s2")}
      ${to(3, `0.35355339059327376 * d1 + 2.82842712474619010 * d2 + ${from(5)}`)}
    }`;

/** G of three values. */
export const weigh: Transform = (from, to) => `
    {
      let even = (${from(0)} * 2.0 + ${from(2)}) / 3.0;
      let odd = ${from(1)} * 0.47140452079103168;
      let even2 = (${from(0)} * 0.5 + ${from(2)}) / 3.0;
      let odd2 = ${from(1)} * 0.23570226039551584;
      ${to(0, from(0))}
      ${to(1, "-even - odd")}
      ${to(2, "odd - even")}
      ${to(3, "even2 + odd2")}
      ${to(4, "even2 - odd2")}
      ${to(5, from(2))}
    }`;
