/** What sections of the status page have in common: a column of labels, lists that give way, and who gives way first. */
import { foldList, type Section } from './fold.ts'
import { clip, padTo } from './text.ts'

export const labelWidth = 15

/** What gives way first where there is no room: the lowest. */
export const priorities = {
  healthy: 1,
  gap: 2,
  reasons: 3,
  faults: 4,
  addresses: 5,
  urls: 6,
  fingerprints: 7,
  kept: 8,
  state: 9,
} as const

export type Priority = (typeof priorities)[keyof typeof priorities]

/** What sections may fill, right of the labels; `nowMs` is a Unix time. */
export interface Room {
  readonly width: number
  readonly nowMs: number
}

export const roomIn = ({ columns, nowMs }: { columns: number; nowMs: number }): Room => ({
  width: columns - labelWidth - 2,
  nowMs,
})

/** All blank lines between groups are this one section: they stay or go together. */
export const gap: Section = { forms: [[''], []], priority: priorities.gap }

/** A label beside the first line. */
export const labelled = (label: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => ` ${padTo(index === 0 ? clip(label, labelWidth - 2) : '', labelWidth)}${line}`)

/** A section that is there as it is. */
export const createSection = (label: string, lines: readonly string[]): Section => ({
  forms: [labelled(label, lines)],
  priority: priorities.kept,
})

/** A section of items, each of some lines, of which as many are shown as there is room for; undefined without any. */
export function createList(label: string, items: readonly (readonly string[])[], priority: Priority) {
  if (items.length === 0) return undefined
  return { forms: foldList(items, 1, count => `+${count} more`).map(form => labelled(label, form)), priority }
}
