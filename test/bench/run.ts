/** The program behind `npm run bench`: takes the figures asked for, prints their table, writes build/bench.json. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseScriptArguments } from '../../packer/script.ts'
import type { Readings } from './figure.ts'
import { groups } from './groups.ts'
import { type Report, renderInto } from './report.ts'
import { figuresOf, planGroups, planWanted } from './select.ts'
import { docker } from './server.ts'
import { settle } from './settle.ts'
import { renderText } from './table.ts'
import { type Refusal, takeGroup } from './take.ts'
import { planResults } from './verdict.ts'

const reportFile = 'build/bench.json'
const documentFile = 'docs/performance.md'
const help = `Usage: npm run bench -- [FIGURE...] [--rounds N] [--no-build]
       npm run bench -- --document

Takes the figures whose names begin so, or all; prints their table and writes ${reportFile}.

  --rounds N  so many rounds instead of those that each figure has
  --no-build  use dist/ as it is
  --document  only render the last report into ${documentFile}`

const { values, positionals } = parseScriptArguments(process.argv.slice(2), {
  help,
  maxPositionals: Number.POSITIVE_INFINITY,
  options: {
    rounds: { type: 'string' },
    'no-build': { type: 'boolean', default: false },
    document: { type: 'boolean', default: false },
  },
})

/** Only renders the last report. */
function writeDocument(): never {
  const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'))
  writeFileSync(documentFile, renderInto(readFileSync(documentFile, 'utf8'), report))
  console.log(`${reportFile} rendered into ${documentFile}`)
  process.exit(0)
}

async function describeMachine(): Promise<Report['machine']> {
  const { Version } = await docker.version()
  const cpu = cpus()[0]?.model ?? 'unknown'
  const memoryBytes = totalmem()
  return { cpu, cores: cpus().length, memoryBytes, kernel: release(), node: process.version, docker: Version }
}

if (values.document) writeDocument()
const figures = figuresOf(groups)
const wanted = planWanted(figures, positionals)
if (wanted.size === 0) {
  const names = figures.map(({ name }) => name).join('\n')
  console.error(`no figure begins with ${positionals.join(' or ')}. Figures:\n${names}`)
  process.exit(2)
}
if (!values['no-build']) execFileSync('tsup', { stdio: 'inherit' })

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => interruption.abort(new Error(`the bench was stopped by ${name}`)))

const startMs = performance.now()
const tookSeconds = () => Math.round((performance.now() - startMs) / 1000)
const options = {
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  settle,
  signal: interruption.signal,
  onProgress: (text: string) => console.error(`${String(tookSeconds()).padStart(4)} s  ${text}`),
}
const rounds: Readings[] = []
const refusals: Refusal[] = []
for (const group of planGroups(groups, wanted)) {
  if (interruption.signal.aborted) break
  const taken = await takeGroup(group, options)
  rounds.push(...taken.rounds)
  refusals.push(...taken.refusals)
}

const asked = figures.filter(({ name }) => wanted.has(name))
const report: Report = {
  machine: await describeMachine(),
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  date: new Date().toISOString(),
  tookSeconds: tookSeconds(),
  results: planResults(asked, rounds),
  refusals,
}
mkdirSync('build', { recursive: true })
writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`)
console.log(`${renderText(report.results)}\n\nwritten: ${reportFile}`)
for (const refused of refusals) console.error(`REFUSED ${refused.figures.join(', ')}: ${refused.cause}`)
process.exit(refusals.length > 0 ? 1 : 0)
