/** Lengths of time as the console words them: by the minute where nobody counts seconds, so that the screen stays calm. */

const secondMs = 1000
const minuteMs = 60_000

export const inSeconds = (durationMs: number): string => `${Math.max(0, Math.ceil(durationMs / secondMs))} s`

/** How long the setup code can still be used. */
export const describeClosing = (leftMs: number): string =>
  leftMs < minuteMs ? 'open for less than a minute' : `open for another ${Math.floor(leftMs / minuteMs)} min`

/** After wrong codes. */
export const describeWait = (leftMs: number): string =>
  `after wrong codes, the next one is looked at in ${inSeconds(leftMs)}`
