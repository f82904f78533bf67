/** 3879 as 3,879. `toLocaleString` loads a formatter the first time, which takes longer than a frame. */
export const count = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
