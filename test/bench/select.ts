/** Which measurements are needed for the figures that were asked for: those themselves, and what their bars refer to. Pure. */
import type { Figure, Group } from './figure.ts'

const references = ({ bars = [], beside }: Figure): string[] => [
  ...bars.flatMap(bar => bar.times ?? []),
  ...(beside === undefined ? [] : [beside]),
]

/** Names of the figures that start with one of the prefixes, all when there are none, and of those that they refer to. */
export function planWanted(figures: readonly Figure[], prefixes: readonly string[]): Set<string> {
  const asked = figures.filter(({ name }) => prefixes.length === 0 || prefixes.some(prefix => name.startsWith(prefix)))
  const wanted = new Set<string>()
  const add = (figure: Figure): void => {
    if (wanted.has(figure.name)) return
    wanted.add(figure.name)
    const names = references(figure)
    for (const other of figures) if (names.includes(other.name)) add(other)
  }
  for (const figure of asked) add(figure)
  return wanted
}

/** Groups without a measurement that is needed are left out. */
export const planGroups = (groups: readonly Group[], wanted: ReadonlySet<string>): Group[] =>
  groups
    .map(group => ({
      ...group,
      measurements: group.measurements.filter(({ figures }) => figures.some(({ name }) => wanted.has(name))),
    }))
    .filter(({ measurements }) => measurements.length > 0)

export const figuresOf = (groups: readonly Group[]): Figure[] =>
  groups.flatMap(({ measurements }) => measurements.flatMap(({ figures }) => figures))
