/** The program behind `npm run bench`: takes the figures asked for, prints their table, writes build/bench.json. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Readings } from './figure.ts'
import { groups } from './groups.ts'
import { figuresOf, planGroups, planWanted } from './select.ts'
import { settle } from './settle.ts'
import { renderText } from './table.ts'
import { type Refusal, takeGroup } from './take.ts'
import { planResults } from './verdict.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, 'no-build': { type: 'boolean', default: false } },
})
const figures = figuresOf(groups)
const wanted = planWanted(figures, positionals)
if (wanted.size === 0) {
  console.error(
    `no figure begins with ${positionals.join(' or ')}. Figures:\n${figures.map(({ name }) => name).join('\n')}`,
  )
  process.exit(2)
}
if (!values['no-build']) execFileSync('tsup', { stdio: 'inherit' })

const startMs = performance.now()
const seconds = () => String(Math.round((performance.now() - startMs) / 1000)).padStart(4)
const options = {
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  settle,
  onProgress: (text: string) => console.error(`${seconds()} s  ${text}`),
}
const rounds: Readings[] = []
const refusals: Refusal[] = []
for (const group of planGroups(groups, wanted)) {
  const taken = await takeGroup(group, options)
  rounds.push(...taken.rounds)
  refusals.push(...taken.refusals)
}

const results = planResults(
  figures.filter(({ name }) => wanted.has(name)),
  rounds,
)
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
}
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
const report = { machine, commit, date: new Date().toISOString(), took: `${seconds().trim()} s`, results, refusals }
mkdirSync('build', { recursive: true })
writeFileSync('build/bench.json', `${JSON.stringify(report, null, 2)}\n`)
console.log(`${renderText(results)}\n\nwritten: build/bench.json`)
for (const refused of refusals) console.error(`REFUSED ${refused.figures.join(', ')}: ${refused.cause}`)
process.exit(refusals.length > 0 ? 1 : 0)
