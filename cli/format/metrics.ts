/** Owns the reading of the text format of Prometheus, as far as plain numbers go. */

/** Sums over all labels, by name; comments and what is no number are passed over. */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name = '', digits = ''] = /^([A-Za-z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line) ?? []
    const value = Number(digits)
    if (name !== '' && Number.isFinite(value)) sums.set(name, (sums.get(name) ?? 0) + value)
  }
  return sums
}
