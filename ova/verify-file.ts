/** `npm run verify -- FILE.ova`: prints each check. Exit status 0: all hold, 1: some do not, 2: not used as it should be. */
import { renderFinding } from './verify/check.ts'
import { verifyOva } from './verify.ts'

async function printChecks(path: string): Promise<number> {
  const checks = await verifyOva(path)
  for (const { claim, findings } of checks) {
    console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'}  ${claim}`)
    for (const finding of findings) console.log(`      ${renderFinding(finding)}`)
  }
  const broken = checks.filter(({ findings }) => findings.length > 0).length
  console.log(
    broken === 0 ? `${path}: ${checks.length} checks hold` : `${path}: ${broken} checks do not hold, build it again`,
  )
  return broken === 0 ? 0 : 1
}

const usage = 'Usage: npm run verify -- FILE.ova'
const [path, ...rest] = process.argv.slice(2)
if (path === '--help' || path === '-h') {
  console.log(`${usage}\n\nOpens an .ova and prints every claim that is checked in it.`)
} else if (path === undefined || rest.length > 0 || path.startsWith('-')) {
  console.error(usage)
  process.exitCode = 2
} else {
  process.exitCode = await printChecks(path).catch(thrown => {
    console.error(`${path} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}. Name an .ova file`)
    return 2
  })
}
