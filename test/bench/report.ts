/** What a whole bench leaves: results, refusals, and on what they were taken; rendered into the document's marked place. */

import { renderMarkdown } from './table.ts'
import type { Refusal } from './take.ts'
import type { Result } from './verdict.ts'

export interface Report {
  machine: { cpu: string; cores: number; memoryBytes: number; kernel: string; node: string; docker: string }
  commit: string
  /** ISO 8601. */
  date: string
  tookSeconds: number
  results: Result[]
  refusals: Refusal[]
}

const [begin, end] = ['<!-- bench: begin -->', '<!-- bench: end -->']

function renderMachine({ machine, commit, date, tookSeconds }: Report): string {
  const { cpu, cores, memoryBytes, kernel, node, docker } = machine
  const hardware = `${cores} cores of ${cpu}, ${Math.round(memoryBytes / 1024 ** 3)} GiB`
  const taken = `Taken ${date.slice(0, 10)} at commit ${commit.slice(0, 7)} in ${Math.round(tookSeconds / 60)} minutes`
  return `${taken} on ${hardware}, Linux ${kernel}, Docker ${docker}, Node ${node}.`
}

/** Replaces what stands between the marks. Throws when the text has none. */
export function renderInto(document: string, report: Report): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the document has no place between ${begin} and ${end}`)
  const refused = report.refusals.map(({ figures, cause }) => `- refused: ${figures.join(', ')}: ${cause}\n`)
  const parts = [
    begin,
    renderMachine(report),
    renderMarkdown(report.results),
    ...(refused.length > 0 ? [refused.join('')] : []),
  ]
  return `${document.slice(0, from)}${parts.join('\n\n')}\n\n${document.slice(to)}`
}
