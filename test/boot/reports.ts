/** What the guest writes to its second serial port: one line a report, `SELFTEST <word> <JSON>`. */
import type { Seen } from './machines.ts'

/** Seconds since the guest's kernel began. */
export type Times = {
  readonly kernel: number
  readonly docker?: number
  readonly api?: number
  readonly multiUser: number
}

export type Report =
  | { readonly word: 'up'; readonly uptimeSeconds: number }
  | { readonly word: 'pass'; readonly times: Times; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly word: 'fail'; readonly problem: string }
  /** What stands on the screen by now. */
  | { readonly word: 'screen'; readonly lines: readonly string[] }

/** Lines that are no whole report (a boot loader's noise, a line still being written) are passed over. */
export function parseReports(text: string): Report[] {
  return text.split(/\r?\n/).slice(0, -1).flatMap(parseReport)
}

function parseReport(line: string): Report[] {
  const match = /SELFTEST (up|pass|fail|screen) (\{.*\})\s*$/.exec(line)
  if (!match) return []
  const facts: Record<string, unknown> = JSON.parse(match[2] ?? '{}')
  if (match[1] === 'up') return [{ word: 'up', uptimeSeconds: Number(facts.uptimeSeconds) }]
  if (match[1] === 'fail') return [{ word: 'fail', problem: Object.values(facts).join('\n') }]
  if (match[1] === 'screen') return [{ word: 'screen', lines: texts(facts.lines) }]
  return [{ word: 'pass', times: parseTimes(facts.times), facts }]
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const parseFields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value ? { ...value } : {}

export function parseSeen(value: unknown): Seen {
  const { firmware, cpus, memoryMiB, disk, cards, rootGib } = parseFields(value)
  return {
    ...{ firmware: String(firmware), cpus: Number(cpus), memoryMiB: Number(memoryMiB), disk: String(disk) },
    ...{ cards: texts(cards), rootGib: Number(rootGib) },
  }
}

function parseTimes(value: unknown): Times {
  const fields = parseFields(value)
  const optional = (name: 'docker' | 'api') => (typeof fields[name] === 'number' ? { [name]: fields[name] } : {})
  return {
    kernel: Number(fields.kernel),
    multiUser: Number(fields.multiUser),
    ...optional('docker'),
    ...optional('api'),
  }
}
