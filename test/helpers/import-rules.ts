/** Runs dependency-cruiser on every room and proves that it saw every module: a blind check must fail, not pass. */
import { execFileSync, spawnSync } from 'node:child_process'

const rooms = ['server', 'cli', 'ova', 'packer', 'provisioning', 'test']
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...rooms], {
  encoding: 'utf8',
})
const sources = tracked.split('\n').filter(path => path.endsWith('.ts') && !path.startsWith('test/fixtures/'))
const result = spawnSync('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...rooms], {
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
})
if (result.error) throw result.error
const report = JSON.parse(result.stdout)
for (const { rule, from, to } of report.summary.violations) console.error(`${rule.name}: ${from} imports ${to}`)
const seen = new Set(report.modules.map((module: { source: string }) => module.source))
const unseen = sources.filter(path => !seen.has(path))
for (const path of unseen) console.error(`not seen by dependency-cruiser: ${path}`)
const arrows = report.modules.flatMap((module: { dependencies: unknown[] }) => module.dependencies).length
if (report.summary.error > 0 || unseen.length > 0 || arrows < sources.length) process.exit(1)
console.log(`import rules: ${seen.size} modules, ${arrows} imports, no violation`)
