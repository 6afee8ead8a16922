/** Runs the suites named on the command line in order, times each, and closes with what passed and what failed. */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { parseScriptArguments } from '../../packer/script.ts'
import { type Counts, parseAvaCounts, type Result, renderClosing } from './suite-results.ts'

type Suite = {
  /** Commands before the tests; each must succeed. */
  readonly prepare: readonly string[][]
  /** Commands that count as one test each, when the suite has no test files. */
  readonly checks: readonly string[][]
  /** ava's own arguments. Docker's suites run one file at a time: two cores are soon too few for their deadlines. */
  readonly avaArguments: readonly string[]
}

const build = ['tsup']
const oneFileAtATime = ['--concurrency', '1']
const suites: Readonly<Record<string, Suite>> = {
  lint: {
    prepare: [],
    checks: [
      ['biome', 'check', '.'],
      ['tsc', '--noEmit'],
      ['node', 'test/helpers/import-rules.ts'],
      ['node', 'test/helpers/file-lengths.ts'],
    ],
    avaArguments: [],
  },
  unit: { prepare: [], checks: [], avaArguments: [] },
  contract: { prepare: [], checks: [], avaArguments: oneFileAtATime },
  wire: { prepare: [], checks: [], avaArguments: [] },
  integration: { prepare: [build], checks: [], avaArguments: oneFileAtATime },
  e2e: { prepare: [build], checks: [], avaArguments: oneFileAtATime },
  binaries: { prepare: [build, ['node', 'packer/binaries.ts']], checks: [], avaArguments: oneFileAtATime },
  faults: { prepare: [build], checks: [], avaArguments: oneFileAtATime },
}

type Ended = { readonly exitCode: number; readonly output: string }

/** Shows a command's output as it comes and keeps its standard output for counting. */
function runShown([command = '', ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      process.stdout.write(chunk)
    })
    child.on('error', reject)
    child.on('close', code => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() }))
  })
}

type Outcome = Counts & { readonly exitCode: number }

async function runChecks(commands: readonly string[][]): Promise<Outcome> {
  let passed = 0
  for (const command of commands) {
    console.log(`$ ${command.join(' ')}`)
    const { exitCode } = await runShown(command)
    if (exitCode !== 0) return { passed, failed: 1, exitCode }
    passed += 1
  }
  return { passed, failed: 0, exitCode: 0 }
}

/** ava with no matching file, or with a count that cannot be read, is a failure: a suite must not pass by being empty. */
async function runTests(name: string, avaArguments: readonly string[]): Promise<Outcome> {
  const pattern = `test/${name}/**/*.test.ts`
  if (globSync(pattern).length === 0) {
    console.error(`The suite ${name} has no test file (${pattern}); a suite without tests does not pass`)
    return { passed: 0, failed: 1, exitCode: 1 }
  }
  const { exitCode, output } = await runShown(['ava', ...avaArguments, pattern])
  const counts = parseAvaCounts(output)
  if (exitCode === 0 && counts.passed > 0) return { ...counts, exitCode }
  return { ...counts, failed: Math.max(counts.failed, 1), exitCode: exitCode || 1 }
}

async function runSuite(suite: Suite, name: string): Promise<Outcome> {
  for (const command of suite.prepare) {
    console.log(`$ ${command.join(' ')}`)
    const { exitCode } = await runShown(command)
    if (exitCode !== 0) return { passed: 0, failed: 1, exitCode }
  }
  return suite.checks.length > 0 ? runChecks(suite.checks) : runTests(name, suite.avaArguments)
}

async function runSuites(names: readonly string[]): Promise<number> {
  const results: Result[] = []
  for (const name of names) {
    const suite = suites[name]
    if (!suite) continue
    console.log(`\n=== ${name}`)
    const begin = performance.now()
    const { exitCode, ...counts } = await runSuite(suite, name)
    results.push({ name, ...counts, tookMs: performance.now() - begin })
    if (exitCode !== 0) {
      console.log(renderClosing(results, names))
      return exitCode
    }
  }
  console.log(renderClosing(results, names))
  return 0
}

const help = `Usage: node test/helpers/suites.ts [SUITE...]

Runs the suites in order, lint and unit where none is named: ${Object.keys(suites).join(' ')}`

const options = { help, options: {}, maxPositionals: Number.POSITIVE_INFINITY }
const { positionals: names } = parseScriptArguments(process.argv.slice(2), options)
const unknown = names.find(name => suites[name] === undefined)
if (unknown !== undefined) {
  console.error(`There is no suite "${unknown}". Suites: ${Object.keys(suites).join(' ')}`)
  process.exit(2)
}
process.exitCode = await runSuites(names.length > 0 ? names : ['lint', 'unit'])
